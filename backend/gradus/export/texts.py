"""Texts as a script makes them up, and the tokens that it makes of them."""

PHRASES = """\
things = "soup film room waiter view music book seat bread story voice train".split()
good = "good lovely fresh great warm kind bright fine".split()
bad = "bad dull stale awful cold rude dark poor".split()

def clause(liked):
    thing = things[random.randint(len(things))]
    turned = random.randint(3) == 0
    words = good if liked != turned else bad
    how = ["", "", "very ", "really ", "quite "][random.randint(5)]
    word = words[random.randint(len(words))]
    return f"the {thing} was {'not ' if turned else ''}{how}{word}"

labels = np.arange(SAMPLES) % 2
points = np.zeros((SAMPLES, LONGEST))
for row, label in zip(points, labels):
    before = f"{clause(label == 0)} but " if random.randint(2) else ""
    codes = list((before + clause(label == 1)).encode())
    row[: len(codes)] = codes"""
SPLIT = {
    "word": "text.split()",
    "character": "list(text)",
    "bigram": "[text[at : at + 2] for at in range(len(text) - 1)]",
}
TOKENIZE = '''
def NAME(fitted, tokens=None):
    """Texts as the ranks of their tokens in the training part; 0 behind the end, 1 for others."""

    def parts(codes):
        text = bytes(codes.to(torch.uint8).tolist()).rstrip(b"\\0").decode()
        return {split}

    if tokens is None:
        counts = Counter(token for codes in fitted for token in parts(codes))
        tokens = sorted(counts, key=lambda token: (-counts[token], token))[: {words} - 2]
    numbers = {{token: rank for rank, token in enumerate(tokens, 2)}}

    def step(x, generator):
        rows = [[numbers.get(token, 1) for token in parts(codes)] for codes in x]
        return torch.tensor([row + [0] * ({longest} - len(row)) for row in rows], dtype=x.dtype)

    return step
'''
PAD = '''
def NAME(fitted):
    """Texts of one length: longer ones lose their end, zeros fill up shorter ones."""

    def step(x, generator):
        kept = (x != 0).sum(1).clamp(max={length})
        places = torch.arange({length}).expand(len(x), {length}){shift}
        inside = (places >= 0) & (places < kept[:, None])
        return torch.where(inside, x.gather(1, places.clamp(0, x.shape[1] - 1)), 0.0)

    return step
'''
