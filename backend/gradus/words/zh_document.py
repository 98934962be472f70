"""Chinese for what the parts of a document say of themselves in its schema."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "What to build, on what to train it and how.": "构建什么，用什么数据、怎样训练。",
    "A chain of layers, branching where layers say what they read.": (
        "依次相连的层；某层用 from 说明读取哪些层时可以分叉。"
    ),
    "A layer that needs no field.": "不需要任何字段的层。",
    "How a network is trained. Everything has a default.": "网络怎样训练。每一项都有默认值。",
    "Its name in this list.": "它在此列表中的名称。",
    "Several inputs by name.": "多个输入，各有名称。",
    "Several networks by name, for steps.": "多个网络，各有名称，供 steps 使用。",
    "Shape of one sample, without the batch axis, channels first.": (
        "一个样本的形状：不含批量轴，通道在前。"
    ),
    'Sizes; "*" is any length.': "各轴的大小；“*”表示任意长度。",
    "Taken from the data unless said.": "不写时由数据决定。",
    "The dataset that a network learns.": "网络所学的数据集。",
    "The earlier layers that it reads; the one before unless said.": (
        "它读取的前面的层；不写时读取上一层。"
    ),
    "What stands under `blocks`: the params and the layers, in which `$param` is filled in.": (
        "`blocks` 下的内容：参数与各层，其中的 `$param` 会被代入。"
    ),
    "int64 for whole numbers, such as places in a list of words.": (
        "整数用 int64，例如词表中的序号。"
    ),
    "A function that is descended, in place of a network.": "代替网络、沿其下降的函数。",
    "A function of one or several variables, and where its descent begins.": (
        "一个或多个变量的函数，以及下降的起点。"
    ),
    "First value of each variable, in the order of the alphabet.": (
        "各变量的初始值，按字母顺序排列。"
    ),
    "Numbers, variables such as x or w2, + − × ÷, powers, sin, cos, exp, tanh, sqrt, log, pi.": (
        "数字、x 或 w2 之类的变量、+ − × ÷、乘方、sin、cos、exp、tanh、sqrt、log、pi。"
    ),
}
