"""`python -m gradus_client` is `gradus`."""

from gradus_client.command import main

main()
