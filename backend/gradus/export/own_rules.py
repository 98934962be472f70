"""The perceptron's rule and k-means in a script: what stands in the place of losses."""

from gradus.export.modules import Modules
from gradus.planned import LayerPlan, Plan

PERCEPTRON = '''
def objective(outputs, x, y):
    """The share of wrong answers, with (answer - target) · input as its gradient (Rosenblatt 1958)."""
    output, read = outputs
    error = (output > 0).to(output.dtype) - TARGET
    along = (error * F.linear(read.detach(), LAST.weight, BIAS)).sum(1).mean()
    return error.abs().mean() + along - along.detach()
'''
CLUSTERS = '''
def objective(outputs, x, y):
    """The mean squared distance to the nearest centre, by outputs w·x - |w|²/2."""
    output, read = outputs
    return (read.square().sum(1) - 2 * output.amax(1)).clamp(min=0).mean()
'''
SPREAD = '''
def chosen(samples, count, generator):
    """k-means++: each next one with a chance in proportion to its distance² to those chosen."""
    places = [int(torch.randint(len(samples), (), generator=generator))]
    distances = torch.full((len(samples),), torch.inf, dtype=samples.dtype)
    while len(places) < count:
        distances = torch.minimum(distances, (samples - samples[places[-1]]).square().sum(1))
        chances = distances if distances.sum() > 0 else torch.ones_like(distances)
        places.append(int(torch.multinomial(chances, 1, generator=generator)))
    return torch.tensor(places)
'''
SAMPLED = '''
def chosen(samples, count, generator):
    """Any samples, each once."""
    return torch.randperm(len(samples), generator=generator)[:count]
'''
CENTRES = '''
class Centres:
    """The rows of the last layer's weight; its bias is -|w|²/2, so the nearest answers loudest."""

    @torch.no_grad()
    def __init__(self, model, x):
        self.layer, self.samples = LAST, len(x)
        self.drawn = torch.zeros(len(self.layer.weight), dtype=self.layer.weight.dtype)
        if not Path(__file__).with_name("weights.safetensors").exists():
            model.eval()
            read = model(x)[1].double()
            generator = torch.Generator().manual_seed(derive(SEED, "kmeans", "NAME"))
            self.layer.weight.copy_(read[chosen(read, len(self.layer.weight), generator)])
            self.settle()

    @torch.no_grad()
    def move(self, outputs, rate):
        """Each centre goes to the mean of those nearest to it, of all drawn so far in batches."""
        output, read = outputs
        nearest = F.one_hot(output.argmax(1), output.shape[1]).to(read.dtype)
        found, centres = nearest.sum(0), self.layer.weight
        known = torch.zeros_like(found) if len(read) == self.samples else self.drawn.clone()
        total = (known + found).clamp(min=1)[:, None]
        means = (known[:, None] * centres + nearest.T @ read) / total
        centres += rate * torch.where(found[:, None] > 0, means - centres, 0)
        self.drawn += found
        self.settle()

    def settle(self):
        self.layer.bias.copy_(-self.layer.weight.square().sum(1) / 2)
'''


def has_own_rule(plan: Plan) -> bool:
    return plan.train.optimizer["type"] in ("perceptron", "kmeans")


def clusters(plan: Plan) -> bool:
    return bool(plan.train.optimizer["type"] == "kmeans")


def wanted(plan: Plan) -> tuple[str, ...]:
    """The output, and what its layer reads."""
    last = _last(plan)
    return (last.name, last.inputs[0])


def objective(plan: Plan, modules: Modules) -> str:
    """`objective` and, for centres, what begins and moves them."""
    last = _last(plan)
    layer = modules.path(f"{last.name}.weight").rpartition(".")[0].replace("self", "model", 1)
    if clusters(plan):
        start = SPREAD if plan.train.optimizer["start"] == "spread" else SAMPLED
        centres = CENTRES.replace("LAST", layer).replace("NAME", last.name)
        return "\n".join([CLUSTERS, start, centres])
    one = last.output == (1,)
    target = "y.unsqueeze(1)" if one else f"F.one_hot(y, {last.output[0]})"
    text = PERCEPTRON.replace("TARGET", f"{target}.to(output.dtype)")
    bias = f"{layer}.bias" if last.fields["bias"] else "None"
    text = text.replace("BIAS", bias).replace("LAST", layer)
    return text.replace("objective(outputs, x, y)", "objective(outputs, x, y, model)")


def _last(plan: Plan) -> LayerPlan:
    return next(each for each in plan.network.layers if each.name == plan.network.output)
