"""The losses of one step, held against the calls that they read and what these are to become."""

from gradus.alternation.calls import TARGETS, Calls, fits
from gradus.faults import nearest
from gradus.losses import DISTANCES, Fitting, plan_loss
from gradus.patch import replace
from gradus.planned import ANY, DatasetPlan, LossPlan, Shape, shape_json
from gradus.pointer import join
from gradus.problems import Report
from gradus.train import BinaryCrossEntropy, Contrastive, CrossEntropy, Hinge, KlNormal, Loss, Step


class StepLosses:
    """Plans the losses of a step; reports those that could not be computed."""

    def __init__(self, calls: Calls, dataset: DatasetPlan | None, report: Report) -> None:
        self._calls = calls
        self._dataset = dataset
        self._report = report

    def plan(self, step: Step, path: str) -> tuple[LossPlan, ...]:
        planned = (self._plan(loss, join(path, index)) for index, loss in enumerate(step.losses))
        return tuple(each for each in planned if each is not None)

    def _plan(self, loss: Loss, path: str) -> LossPlan | None:
        known = self._calls.known
        name = next(reversed(known), None) if loss.input is None else loss.input
        if name is None or name not in known:
            self._calls.unknown(name or "", join(path, "input"))
            return None
        if isinstance(loss, KlNormal) or (isinstance(loss, Contrastive) and loss.other):
            self._report.add("loss.one_network", path, type=loss.type)
            return None
        if loss.target == "target":
            self._fit(loss, name, path)
        elif loss.target in TARGETS:
            self._check_constant(loss, name, path)
        elif loss.target == "batch" or loss.target in known:
            self._compare(loss, name, path)
        else:
            self._no_target(loss.target, join(path, "target"))
        return plan_loss(loss, name)

    def _fit(self, loss: Loss, name: str, path: str) -> None:
        """A loss on the data's own targets fits as it does where there is one network."""
        draft = self._calls.known[name]
        if draft is not None:
            fitting = Fitting(self._dataset, draft.plan.shapes, draft.layers, self._report)
            fitting.check(loss, draft.plan.output, path)

    def _check_constant(self, loss: Loss, name: str, path: str) -> None:
        given = self._calls.shape(name)
        if isinstance(loss, Hinge) and given not in (None, (1,)):
            self._misfit(loss, (1,), given, path)
        elif not isinstance(loss, (*DISTANCES, BinaryCrossEntropy, Hinge)):
            self._no_value(loss, path)

    def _compare(self, loss: Loss, name: str, path: str) -> None:
        """Numbers are held against numbers of the same shape."""
        if not isinstance(loss, (*DISTANCES, BinaryCrossEntropy)):
            self._no_value(loss, path)
            return
        given, wanted = self._calls.shape(name), self._calls.shape(loss.target)
        if given is not None and wanted is not None and not fits(given, wanted):
            self._misfit(loss, wanted, given, path)

    def _no_value(self, loss: Loss, path: str) -> None:
        better = "binary_cross_entropy" if isinstance(loss, CrossEntropy | Hinge) else None
        bare = loss.model_fields_set <= {"type"}
        fix = replace(path if bare else f"{path}/type", better) if better else None
        self._report.add(
            "loss.target_kind", path, expected=better, got=loss.type, fix=fix, type=loss.type,
            target=loss.target,
        )  # fmt: skip

    def _misfit(self, loss: Loss, wanted: Shape, given: Shape | None, path: str) -> None:
        expected, got = str(shape_json(wanted)), str(shape_json(given or (ANY,)))
        self._report.add(
            "loss.target_shape", path, expected=expected, got=got, target=loss.target,
            wanted=expected, given=got,
        )  # fmt: skip

    def _no_target(self, target: str, path: str) -> None:
        known = ["target", "batch", *TARGETS, *self._calls.known]
        near = nearest(target, known)
        self._report.add(
            "loss.target_unknown", path, expected=", ".join(known), got=target[:80],
            fix=replace(path, near) if near else None, target=target[:80], nearest=near,
        )  # fmt: skip
