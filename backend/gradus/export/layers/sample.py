"""Drawing from a distribution whose numbers are learned."""

from gradus.export.code import Code, Results, module
from gradus.planned import LayerPlan

SAMPLE = '''
class SampleNormal(nn.Module):
    """A draw from a normal distribution while training, its mean otherwise; and both numbers."""

    def forward(self, mean, log_variance):
        if not self.training:
            return mean, mean, log_variance
        noise = torch.randn_like(mean)
        return mean + torch.exp(log_variance / 2) * noise, mean, log_variance
'''


def sample_normal(layer: LayerPlan) -> Code:
    pattern = ", ".join(["{output}", *(f"{{{name}}}" for name in layer.extras)])
    return module("SampleNormal()", SAMPLE, results=Results(pattern))
