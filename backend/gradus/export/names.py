"""Names of layers as attributes in Python."""

import keyword

# What `nn.Module` and its containers already call something else.
TAKEN = frozenset(
    {
        "T_destination", "add_module", "append", "apply", "bfloat16", "bound", "buffers",
        "call_super_init", "children", "clear", "compile", "cpu", "cuda", "double",
        "dump_patches", "eval", "extend", "extra_repr", "float", "forward", "get_buffer",
        "get_extra_state", "get_parameter", "get_submodule", "half", "insert", "ipu", "items",
        "keys", "load_state_dict", "modules", "mtia", "named_buffers", "named_children",
        "named_modules", "named_parameters", "parameters", "pop", "register_backward_hook",
        "register_buffer", "register_forward_hook", "register_forward_pre_hook",
        "register_full_backward_hook", "register_full_backward_pre_hook",
        "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook",
        "register_module", "register_parameter", "register_state_dict_post_hook",
        "register_state_dict_pre_hook", "requires_grad_", "set_extra_state", "set_submodule",
        "share_memory", "state_dict", "to", "to_empty", "train", "training", "type", "update",
        "values", "xpu", "zero_grad", "self", "torch", "nn", "math", "x", "y",
    }
)  # fmt: skip

# Classes that a script imports or writes itself.
CLASSES = frozenset(
    {
        "Centres", "F", "Function", "MT19937", "Network", "Networks", "OrderedDict", "Path",
        "Patience", "Plateau", "RandomState", "SeedSequence",
    }
)  # fmt: skip


class Names:
    """Attributes of a script's modules. `renamed` gives the layer's own name back."""

    def __init__(self, parts: set[str]) -> None:
        self._parts = parts
        self.renamed: dict[str, str] = {}

    def attribute(self, part: str) -> str:
        """The attribute for one part of a layer's path."""
        if part.isdigit():
            return self._rename(part, f"branch_{part}")
        if part in TAKEN or keyword.iskeyword(part) or keyword.issoftkeyword(part):
            return self._rename(part, f"{part}_")
        return part

    def _rename(self, part: str, wanted: str) -> str:
        while wanted in self._parts or self.renamed.get(wanted, part) != part:
            wanted += "_"
        self.renamed[wanted] = part
        return wanted


def camel(text: str) -> str:
    """A class name.

    >>> camel("down_block")
    'DownBlock'
    """
    return "".join(word[:1].upper() + word[1:] for word in text.split("_"))
