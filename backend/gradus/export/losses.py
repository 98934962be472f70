"""What a script makes small: each loss as an expression over the network's outputs."""

from collections.abc import Mapping, Sequence

from gradus.export.code import Fields
from gradus.planned import DatasetPlan, LossPlan, Shape
from gradus.problems import Report

WIDTH = 80  # of a sum on one line
FUNCTIONS = {
    "cross_entropy": "F.cross_entropy({0}, {1})",
    "binary_cross_entropy": "F.binary_cross_entropy_with_logits({0}, {1})",
    "mse": "F.mse_loss({0}, {1})",
    "mae": "F.l1_loss({0}, {1})",
}
KL = '''
def kl_normal(mean, log_variance):
    """How far a draw's distribution is from the standard normal one, a mean over the batch."""
    each = mean.square() + log_variance.exp() - log_variance - 1
    return each.flatten(1).sum(1).mean() / 2
'''
PAIRS = '''
def contrastive(output, y, margin, other=None):
    """½ d² for a pair that belongs together, ½ max(0, margin − d)² for others.

    With `other` a pair is a sample's two outputs; else two samples of the batch.
    """
    points = output.flatten(1)
    if other is not None:
        distance, together = length(points - other.flatten(1)), y == 1
    else:
        distance, together = length(points.unsqueeze(1) - points.unsqueeze(0)), y.unsqueeze(1) == y
    each = torch.where(together, distance.square(), F.relu(margin - distance).square()) / 2
    if other is None:  # no sample is a pair with itself
        each = (each * (1 - torch.eye(len(points)))).sum(1) / max(1, len(points) - 1)
    return each.mean()


def length(vectors):
    """Euclidean lengths, with gradient 0 where they are 0."""
    square = vectors.square().sum(-1)
    nothing = square == 0
    return torch.where(nothing, 0, torch.where(nothing, 1, square).sqrt())
'''


class Terms:
    """Expressions for losses; `helpers` are the functions that they call.

    `names` are the variables of what a forward pass gives, `shapes` those of the values in them.
    `signed` where `zeros` are −1 to a hinge, as between networks.
    """

    def __init__(
        self,
        dataset: DatasetPlan,
        shapes: Mapping[str, Shape],
        names: Mapping[str, str],
        report: Report,
        *,
        signed: bool = False,
    ) -> None:
        self._dataset = dataset
        self._shapes = shapes
        self._names = names
        self._report = report
        self._signed = signed
        self.helpers: list[str] = []

    def returned(self, losses: Sequence[LossPlan], path: str) -> list[str]:
        """Lines that return the weighted sum of the losses that are written at `path`."""
        said = [self._text(loss, f"{path}/{place}") for place, loss in enumerate(losses)]
        weighed = [
            text if loss.weight == 1 else f"{loss.weight!r} * {text}"
            for loss, text in zip(losses, said, strict=True)
        ]
        if sum(len(text) for text in weighed) < WIDTH:
            return [f"    return {' + '.join(weighed)}"]
        first, *others = weighed
        return [
            "    return (",
            f"        {first}",
            *(f"        + {each}" for each in others),
            "    )",
        ]

    def _text(self, loss: LossPlan, path: str) -> str:
        fields = Fields(loss.fields)
        said = self._said(loss, fields)
        if said is None:
            self._report.add("export.value", path, field="losses", value=loss.type)
            return ""
        for name, value in fields.unread().items():
            if value not in (None, False):
                self._report.add("export.value", path, field=name, value=str(value))
        return said

    def _said(self, loss: LossPlan, fields: Fields) -> str | None:
        output, shape = self._names[loss.input], self._shapes[loss.input]
        further = [self._names[name] for name in loss.further]
        if loss.type == "kl_normal":
            return self._call(KL, f"kl_normal({', '.join(further)})")
        if loss.type == "contrastive":
            fields.get("other")
            given = ", ".join([output, "y", repr(fields["margin"]), *further])
            return self._call(PAIRS, f"contrastive({given})")
        target = self._target(loss, output, shape)
        if target is None:
            return None
        if loss.type == "hinge":
            return _hinge(output, target, shape)
        if loss.type == "huber":
            return f"F.huber_loss({output}, {target}, delta={fields['delta']!r})"
        if loss.type not in FUNCTIONS:
            return None
        half = "0.5 * " if fields.get("half") else ""
        return half + FUNCTIONS[loss.type].format(output, target)

    def _call(self, helper: str, text: str) -> str:
        if helper not in self.helpers:
            self.helpers += [*([""] if self.helpers else []), helper]
        return text

    def _target(self, loss: LossPlan, output: str, shape: Shape) -> str | None:
        """What a loss is held against, in the form that it reads."""
        if loss.target != "target":
            others = {
                "batch": f"x.reshape({output}.shape)",
                "ones": f"torch.ones_like({output})",
                "zeros": f"torch.zeros_like({output})",
            }
            if self._signed and loss.target == "zeros" and loss.type == "hinge":
                return f"-torch.ones_like({output})"
            return others.get(loss.target, self._names.get(loss.target))
        if self._dataset.task == "regression":
            same = tuple(self._dataset.target) == tuple(shape)
            return "y" if same else f"y.reshape({output}.shape)"
        if loss.type == "cross_entropy" or (loss.type == "hinge" and shape != (1,)):
            return "y"
        if shape != (1,):
            return f"F.one_hot(y, {shape[0]}).to({output}.dtype)"
        whole = f"y.to({output}.dtype).unsqueeze(1)"
        return whole if loss.type == "binary_cross_entropy" else f"(2 * {whole} - 1)"


def _hinge(output: str, target: str, shape: Shape) -> str:
    if shape == (1,) or target != "y":
        return f"F.relu(1 - {target} * {output}).mean()"
    # Torch divides by the number of classes, the formula does not.
    return f"F.multi_margin_loss({output}, {target}) * {shape[0]}"
