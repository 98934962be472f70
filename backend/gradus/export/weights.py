"""Names and files of weights in a script, and the hash that every draw follows from."""

import json
from collections.abc import Sequence

from gradus.export.names import Names
from gradus.planned import WeightsPlan

DERIVE = '''
def derive(seed, purpose, path="", step=0):
    """The seed of one draw: a hash of what it is for, so that no draw depends on another."""
    key = f"{seed}\\x1f{purpose}\\x1f{path}\\x1f{step}".encode()
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") >> 1
'''
NAMES = '''
def layer_name(path):
    """The service's name of a parameter: `stage/0/conv.weight` for `stage.0.conv.weight`."""
    layer, _, tensor = path.rpartition(".")
    return PATH + "." + tensor
'''
WEIGHTS = '''
@torch.no_grad()
def load_weights(model, path):
    """Weights and running statistics from a safetensors file, by the service's names."""
    file = Path(path).read_bytes()
    size = int.from_bytes(file[:8], "little")
    header = json.loads(file[8 : 8 + size])
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        stored = header[layer_name(name)]
        start, end = stored["data_offsets"]
        body = bytearray(file[8 + size + start : 8 + size + end])
        tensor.copy_(torch.frombuffer(body, dtype=DTYPES[stored["dtype"]]).reshape(stored["shape"]))
'''
DTYPES = 'DTYPES = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}'


def names(renamed: Names) -> str:
    """`layer_name(path)`: from where a parameter lies to the service's name of it."""
    if not renamed.renamed:
        return NAMES.replace("PATH", 'layer.replace(".", "/")')
    pairs = ", ".join(f'"{own}": "{part}"' for own, part in renamed.renamed.items())
    path = '"/".join(RENAMED.get(part, part) for part in layer.split("."))'
    table = f"RENAMED = {{{pairs}}}  # attributes, and what the service calls these parts\n"
    return table + "\n" + NAMES.replace("PATH", path)


def names_within(layer: str) -> str:
    """The same where every parameter belongs to one layer."""
    return NAMES.replace("PATH", f'"{layer}"').replace("layer, _, tensor", "_, _, tensor")


BEGIN = '''
@torch.no_grad()
def begin(model):
    """First values out of kept weights: files beside this script, each under its own SHA-256."""
    named = {layer_name(path): each for path, each in model.state_dict().items()}
    kinds = {**DTYPES, "F16": torch.float16, "BF16": torch.bfloat16}
    for digest, taken in STARTS.items():
        path = Path(__file__).with_name(digest + ".safetensors")
        if not path.exists():
            raise SystemExit(f"The network starts from kept weights: put them here as {path}")
        file = path.read_bytes()
        if sha256(file).hexdigest() != digest:
            raise SystemExit(f"{path} holds other weights than those that the network starts from")
        size = int.from_bytes(file[:8], "little")
        header = json.loads(file[8 : 8 + size])
        for name, there in taken.items():
            stored = header[there]
            start, end = stored["data_offsets"]
            body = bytearray(file[8 + size + start : 8 + size + end])
            read = torch.frombuffer(body, dtype=kinds[stored["dtype"]])
            named[name].copy_(read.reshape(stored["shape"]))
'''


def begin(plans: Sequence[WeightsPlan]) -> str:
    """`begin(model)` and which tensor of each file it takes for which; "" without any."""
    if not plans:
        return ""
    lines = ["# Tensors here, and what they are called in the file of weights with this SHA-256."]
    lines.append("STARTS = {")
    for each in plans:
        lines.append(f"    {json.dumps(each.artifact)}: {{")
        lines += [
            f"        {json.dumps(own)}: {json.dumps(there)},"
            for own, there in each.tensors.items()
        ]
        lines.append("    },")
    return "\n".join([*lines, "}", "", BEGIN])
