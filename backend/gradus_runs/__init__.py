"""What the server and the workers share about a run: settings, tables, log, stream, jobs and artifacts."""
