"""In which order a script takes the training samples."""

ORDERS = {
    "shuffled": '''\
    """Places of the training samples in the order of one epoch: shuffled anew for each."""
    return torch.randperm(len(y), generator=generator)
''',
    "sorted": '''\
    """Places of the training samples in the order of one epoch: by class, or by value."""
    return torch.argsort(y.reshape(len(y), -1)[:, 0], stable=True)
''',
    "stratified": '''\
    """Places of the training samples in the order of one epoch: shuffled, each class spread evenly."""
    shuffled = torch.randperm(len(y), generator=generator)
    strata = y.reshape(len(y), -1)[:, 0]
    if strata.is_floating_point():  # tenths of the values
        strata = torch.argsort(torch.argsort(strata, stable=True)) * 10 // len(y)
    strata, along = strata[shuffled], torch.empty(len(y), dtype=torch.float64)
    for stratum in torch.unique(strata):
        own = (strata == stratum).nonzero().flatten()
        offset = torch.rand((), generator=generator, dtype=torch.float64)
        along[own] = (torch.arange(len(own), dtype=torch.float64) + offset) / len(own)
    return shuffled[torch.argsort(along, stable=True)]
''',
}


def order(kind: str) -> str:
    """`order(y, generator)`."""
    return f"\ndef order(y, generator):\n{ORDERS[kind]}"
