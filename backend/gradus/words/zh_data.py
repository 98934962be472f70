"""Chinese for what the fields of `data` say of themselves: the English sentence and its own."""

SENTENCES: dict[str, str] = {
    "A built-in dataset or the label of an upload.": "内置数据集的名称，或上传数据的名称。",
    "What the dataset lets one choose.": "该数据集可供选择的选项。",
    "How the samples are divided. The seed is the split's own, so runs of all seeds share parts.": (
        "样本如何划分。划分有自己的随机种子，因此各种子的运行共用同样的划分。"
    ),
    "Share to train on (0.7 unless said).": "用于训练的比例（默认 0.7）。",
    "Share to watch while training (0.15).": "训练时用于观察的比例，即验证集（0.15）。",
    "Share kept for the end (0.15).": "留到最后的比例，即测试集（0.15）。",
    "Another seed, another division.": "换一个种子，便得到另一种划分。",
    "Whether each part holds the classes in equal shares.": "各部分中各类别的比例是否相同。",
    "What is done to the inputs, in this order.": "对输入依次所做的变换。",
    # transforms of texts
    "Texts become whole numbers, one a token: 0 behind the end, 1 for tokens without a number.": (
        "把文本变成整数，每个词元一个：结尾之后为 0，没有编号的词元为 1。"
    ),
    "Words between spaces, single characters, or pairs of neighbours.": (
        "以空格分开的词（word）、单个字符（character），或相邻两个字符（bigram）。"
    ),
    "How many numbers there are: those of the most frequent tokens of the training part, and the two of their own.": (
        "共有多少个编号：训练集中最常见的词元，加上两个专用编号。"
    ),
    "Every text gets one length: longer ones lose their end, zeros fill up shorter ones.": (
        "让所有文本等长：过长的截去结尾，过短的用 0 补齐。"
    ),
    "Tokens of every text.": "每段文本的词元数。",
    "Where the zeros stand; in front, the last step is a word.": (
        "0 补在哪一端；补在前面（start）时，最后一步就是一个词。"
    ),
    # transforms
    "Mean 0 and deviation 1 over the training part: each channel of a picture, each feature.": (
        "标准化：在训练集上均值为 0、标准差为 1，图像按通道，特征逐个进行。"
    ),
    "The mean of the training part is taken off, cell by cell (Krizhevsky et al. 2012).": (
        "逐个像素减去训练集的均值（Krizhevsky 等，2012）。"
    ),
    "A feature that counts kinds from 0 becomes one feature a kind, 1 at its own and 0 elsewhere.": (
        "独热编码：从 0 起编号的类别特征变成每类一个特征，所属的为 1，其余为 0。"
    ),
    "Which feature, from 0.": "哪一个特征，从 0 数起。",
    "How many kinds it counts.": "共有多少个类别。",
    "The picture at another size.": "把图像缩放到另一尺寸。",
    "Height and width after it.": "缩放后的高和宽。",
    "Between the middles of cells, or each from the nearest cell.": (
        "在像素中心之间插值（bilinear），或取最近的像素（nearest）。"
    ),
    "The middle of the picture.": "裁出图像的中央部分。",
    "Height and width that are kept.": "保留的高和宽。",
    "A part of the picture, elsewhere at every step; its middle when it does not train.": (
        "随机裁剪：每一步取图像的不同部分；不训练时取中央。"
    ),
    "Cells of zeros around the picture, before it is cut.": "裁剪之前在图像四周补零的像素数。",
    "Pictures turned over, each with these chances, while it trains.": "训练时按这些概率翻转每幅图像。",
    "Chance that left and right are swapped.": "左右翻转的概率。",
    "Chance that top and bottom are swapped.": "上下翻转的概率。",
    "Pictures made larger or smaller around their middle, while it trains.": (
        "训练时以中心为准放大或缩小图像。"
    ),
    "Smallest factor.": "最小的倍数。",
    "Largest factor.": "最大的倍数。",
    "Pictures made brighter or darker, with more or less contrast, while it trains.": (
        "训练时改变图像的亮度和对比度。"
    ),
    "Deviation of what is added to every cell of a picture.": "加到图像每个像素上的数的标准差。",
    "The differences from its mean grow or shrink by at most this share.": (
        "与均值之差放大或缩小的最大比例。"
    ),
    "Normal noise on every number, while it trains.": "训练时给每个数加上正态噪声。",
    "Its standard deviation.": "噪声的标准差。",
}
