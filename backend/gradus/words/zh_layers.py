"""Chinese for what layers and composites say of themselves: the English sentence and its own.

The English stands where it is meant, beside the field or the layer; changed there, it is missing
here, and a test tells.
"""

SENTENCES: dict[str, str] = {
    # fields that layers with weights share
    "Function applied to the output, with its own defaults.": "作用于输出的激活函数，取其默认参数。",
    "Whether a bias is added to each output.": "是否给每个输出加上偏置。",
    "How the parameters start: a name, or an object with its type.": (
        "参数如何初始化：写名称，或写带 type 的对象。"
    ),
    "Its own weight decay; that of the training unless said.": "本层自己的权重衰减；不写则用训练的设置。",
    "Whether training changes the layer's parameters.": "训练时是否更新该层的参数；否则冻结。",
    # initial values
    "Weights and biases as an earlier run or a file has them.": "权重和偏置取自先前的运行或文件。",
    "Where the weights come from.": "权重从哪里来。",
    "Weights of an earlier run, or of a file that was uploaded.": "先前某次运行的权重，或已上传文件中的权重。",
    "The run that they come from.": "权重所属的运行。",
    "A step of it: the newest weights kept there or before; else its newest.": (
        "该运行的某一步：取这一步或之前最后保存的权重；不写则取最新的。"
    ),
    "Hash of an uploaded safetensors file.": "已上传的 safetensors 文件的哈希。",
    "The layer, composite or network there; that of the same name unless said.": (
        "在那里的层、复合层或网络；不写则取同名的。"
    ),
    "For files from elsewhere: names of layers or tensors here, and what they are called there.": (
        "用于来自别处的文件：这里的层或张量名称，以及它们在那里的名称。"
    ),
    "Weights for a whole network, by the names of its layers.": "整个网络的权重，按层名对应。",
    "Layers or composites that start anew, such as a head.": "重新初始化的层或复合层，例如输出头。",
    "How a whole network starts.": "整个网络从哪里开始。",
    "Kept weights for every layer that has some.": "凡是有参数的层都取保存好的权重。",
    "Kept weights that the whole network starts from.": "整个网络据以开始的、保存好的权重。",
    "PyTorch's own: uniform within 1 / sqrt(inputs of a unit), weights and biases.": (
        "PyTorch 的默认做法：权重和偏置都在 ±1 / sqrt(单元的输入数) 之间均匀取值。"
    ),
    "Weights and biases 0. Units that start alike stay alike.": (
        "权重和偏置都取 0。起点相同的单元会一直相同。"
    ),
    "Every weight the same value, biases 0.": "所有权重取同一个值，偏置为 0。",
    "What every weight starts with.": "每个权重的初始值。",
    "Weights from a normal distribution around 0, biases 0.": "权重取自均值为 0 的正态分布，偏置为 0。",
    "Standard deviation of the weights.": "权重的标准差。",
    "Weights evenly between two bounds, biases 0.": "权重在上下界之间均匀取值，偏置为 0。",
    "Smallest weight.": "权重的下界。",
    "Largest weight.": "权重的上界。",
    "Variance 2 / (inputs + outputs) of a unit, biases 0 (Glorot and Bengio 2010).": (
        "方差为 2 / (单元的输入数 + 输出数)，偏置为 0（Glorot 与 Bengio，2010）。"
    ),
    "Evenly between two bounds, or by a bell curve.": "均匀分布，或正态分布。",
    "Variance 2 / inputs of a unit, biases 0 (He et al. 2015).": (
        "方差为 2 / 单元的输入数，偏置为 0（何恺明等，2015）。"
    ),
    "Weights whose rows are orthogonal and of length 1, biases 0 (Saxe et al. 2014).": (
        "权重矩阵各行相互正交且长度为 1，偏置为 0（Saxe 等，2014）。"
    ),
    # linear and feed-forward
    "Each output is a weighted sum of all inputs plus a bias.": "每个输出都是全部输入的加权和再加偏置。",
    "Outputs; the last layer may take them from the data.": "输出个数；最后一层可以由数据决定。",
    "Passes every step through the same two linear layers.": "让每个时间步经过同样的两个全连接层。",
    "Width between the two.": "两层之间的宽度。",
    # convolution
    "Slides small kernels along a line; each gives one row of responses.": (
        "让小的卷积核沿一条线滑动；每个卷积核给出一行响应。"
    ),
    "Slides small kernels over a picture; each gives one map of where it responds.": (
        "让小的卷积核在图片上滑动；每个卷积核给出一张响应的特征图。"
    ),
    "Output channels.": "输出通道数，即卷积核的个数。",
    "Length of the window.": "窗口的长度。",
    "Size of the window: one number or [height, width].": "窗口的大小：一个数，或 [高, 宽]。",
    "Size of the window.": "窗口的大小。",
    "Distance between two windows.": "步幅（步长）：相邻两个窗口之间的距离。",
    "same: as TensorFlow, output = ceil(input / stride); symmetric: as much on both sides; valid: "
    "none; or cells on each side, one number or [height, width].": (
        "填充。same：与 TensorFlow 相同，输出 = ⌈输入 / 步幅⌉；symmetric：两侧一样多；valid：不填充；"
        "也可写每侧的格数，一个数或 [高, 宽]。"
    ),
    "Distance between two cells of a window.": "膨胀率：窗口内相邻两格之间的距离。",
    "Channels are split into this many separate convolutions.": "把通道分成这么多组，各组分别卷积。",
    "Whether each kernel is turned round first, as mathematics defines it; networks leave it as it "
    "is.": "是否先把卷积核翻转，即数学定义的卷积；神经网络通常不翻转（互相关）。",
    "Spreads every cell of a line over a window of a longer line.": (
        "把一条线上的每一格铺展到更长的线的一个窗口里。"
    ),
    "Spreads every cell of a picture over a window of a larger picture.": (
        "把图片的每一格铺展到更大图片的一个窗口里。"
    ),
    "What is cut off the full output. same: down to input · stride; symmetric: (kernel − 1) / 2 on "
    "both sides; valid: nothing; or cells on each side, as PyTorch's number does.": (
        "从完整输出上裁掉多少。same：裁到 输入 · 步幅；symmetric：两侧各裁 (卷积核 − 1) / 2；"
        "valid：不裁；也可写每侧的格数，与 PyTorch 的数字相同。"
    ),
    "Cells added behind; tells apart the sizes that one stride leads to.": (
        "在末尾补上的格数；用来区分同一步幅可能得到的几种大小。"
    ),
    # pooling
    "Keeps the largest value of each stretch.": "取每一段中的最大值。",
    "Keeps the largest value of each window.": "取每个窗口中的最大值。",
    "Takes the mean of each stretch, over the cells that lie inside.": (
        "取每一段的平均值，只计落在范围内的格。"
    ),
    "Takes the mean of each window, over the cells that lie inside the picture.": (
        "取每个窗口的平均值，只计落在图片内的格。"
    ),
    "Distance between two windows; the size unless said.": (
        "步幅（步长）：相邻两个窗口之间的距离；不写则等于窗口大小。"
    ),
    "valid: none; same, symmetric, or cells on each side. Never counted.": (
        "valid：不填充；或 same、symmetric，或每侧的格数。填充的格不参与计算。"
    ),
    "Takes means over as many even windows as the output has cells.": (
        "输出有多少格，就均匀分成多少个窗口，各取平均值。"
    ),
    "Keeps the largest value of as many even windows as the output has.": (
        "输出有多少格，就均匀分成多少个窗口，各取最大值。"
    ),
    "Size of the output: one number or [height, width].": "输出的大小：一个数，或 [高, 宽]。",
    "Takes the mean of each whole map.": "取每张特征图的平均值。",
    "Keeps the largest value of each whole map.": "取每张特征图的最大值。",
    # normalization
    "Gives each channel mean 0 and variance 1 over the batch, then scales and shifts it.": (
        "使每个通道在一个批量上均值为 0、方差为 1，再缩放和平移。"
    ),
    "Weight of a new batch in the running statistics.": "新的批量在移动统计量中所占的权重。",
    "Keeps a quotient finite.": "避免除以零的小常数。",
    "Whether scale γ and shift β are learned.": "是否学习缩放 γ 和平移 β。",
    "Gives the numbers of each sample mean 0 and variance 1, then scales and shifts them.": (
        "使每个样本的数值均值为 0、方差为 1，再缩放和平移。"
    ),
    "How many last axes are taken together: one for rows and sequences, all of a picture's unless "
    "said.": "末尾多少个轴合在一起归一化；不写时，向量和序列取一个，图片取全部。",
    "Gives each group of channels of a sample mean 0 and variance 1, then scales and shifts.": (
        "使每个样本的每组通道均值为 0、方差为 1，再缩放和平移。"
    ),
    "Groups; as many as channels normalizes each map.": "组数；与通道数相同时，每张特征图单独归一化。",
    "Divides each number by how strong its neighbours are, in nearby channels or nearby cells.": (
        "把每个数除以其邻居的强度，邻居在相邻的通道或相邻的格中。"
    ),
    "Neighbours in channels next to it, or in cells around it in its map.": (
        "邻居取相邻的通道，还是同一特征图中周围的格。"
    ),
    "Neighbours on a line, itself included; clipped.": "一条线上的邻居个数，含自身；边缘处截断。",
    "Weight of the neighbours' squares.": "邻居平方和的权重。",
    "Power of the divisor.": "除数的指数。",
    "What the divisor is where all is 0.": "邻居全为 0 时除数的值。",
    # dropout and noise
    "Switches off a random share of the units at each training step.": (
        "在每个训练步随机关闭一部分单元。"
    ),
    "Share of the units switched off.": "丢弃率：被关闭的单元所占的比例。",
    "Switches off a random share of whole maps at each training step.": (
        "在每个训练步随机关闭一部分整张的特征图。"
    ),
    "Adds normal noise to every number at each training step.": "在每个训练步给每个数加上正态噪声。",
    "Standard deviation of the noise.": "噪声的标准差。",
    # shape
    "Lays all numbers of a sample in one row, the last axis running fastest.": (
        "把一个样本的所有数排成一行，最后一个轴变化最快。"
    ),
    "Lays the same numbers out in another shape, the last axis fastest.": (
        "把同样的数排成另一种形状，最后一个轴变化最快。"
    ),
    "The new shape without the batch; one −1 takes what is left.": (
        "新的形状，不含批量轴；可以有一个 −1，表示其余部分。"
    ),
    "Puts the axes of a sample in another order.": "重新排列样本各轴的次序。",
    "Which axis of the input stands at each place.": "每个位置上放输入的哪个轴。",
    "Makes a picture larger by repeating its cells or blending them.": (
        "通过重复格或在格之间插值来放大图片。"
    ),
    "How many times larger: a number, or two.": "放大的倍数：一个数，或两个数。",
    "Repeat cells, or blend between them.": "重复格（最近邻），或在格之间插值（双线性）。",
    "Adds cells around a line or a picture, or whole channels.": "在线或图片的四周补格，或补上整个通道。",
    "[before, behind] for each axis after the channels.": "通道之后的每个轴：[前面补, 后面补]。",
    "Channels added [before, behind].": "补上的通道数：[前面, 后面]。",
    "What the added cells hold.": "补上的格的值。",
    "Takes one slice of an axis, such as the last step of a sequence.": (
        "沿一个轴取一片，例如序列的最后一个时间步。"
    ),
    "Axis without the batch; 0 is the channels.": "轴的编号，不含批量轴；0 是通道轴。",
    "Which slice, from 0; negative ones count from the end.": "取第几片，从 0 开始；负数从末尾数起。",
    # joins
    "Adds its inputs number by number.": "把各输入逐元素相加。",
    "Multiplies its inputs number by number.": "把各输入逐元素相乘。",
    "Takes the mean of its inputs number by number.": "取各输入的逐元素平均值。",
    "Puts its inputs one behind the other along one axis.": "沿一个轴把各输入首尾拼接。",
    # features
    "Turns a point (x, y) into chosen functions of its coordinates, products and bumps.": (
        "把点 (x, y) 变为由坐标算出的若干特征。"
    ),
    "Functions of the point, in this order.": "由点算出的函数，按此次序。",
    "Products of powers of both coordinates up to this degree, from 2.": (
        "两个坐标各次幂的乘积，从 2 次到这一次数（多项式）。"
    ),
    "Bumps on a grid of so many by so many places between -5 and 5.": (
        "在 -5 到 5 之间按此边长排成方格的径向基函数。"
    ),
    "Standard deviation of a bump.": "径向基函数的标准差。",
    # embedding
    "Looks up a learned vector for each whole number.": "为每个整数查出一个学习得到的向量。",
    "How many different numbers there are, from 0.": "不同整数的个数（词表大小），从 0 开始。",
    "Length of a vector.": "向量的长度。",
    "The number that fills up; its vector stays 0, and the further output `mask` is 0 there and 1 "
    "elsewhere.": "用作填充的整数；它的向量始终为 0，附加输出 mask 在这些位置为 0，其余为 1。",
    "Takes the mean of the vectors of all words, and of runs of words.": (
        "取所有词以及连续若干词（n 元语法）的向量的平均值。"
    ),
    "Longest run of words that has a vector.": "拥有向量的最长连续词数。",
    "Rows for runs of two words and more.": "供两个及以上连续词使用的行数。",
    "How vectors are put together.": "向量如何合并。",
    "The number that fills up and does not count.": "用作填充、不参与计算的整数。",
    "Adds a vector for each place in a sequence, fixed waves or learned.": (
        "给序列的每个位置加上一个向量：固定的正弦波，或学习得到。"
    ),
    "Fixed waves, or a learned table.": "固定的正弦波，或学习得到的表。",
    "Longest sequence of a learned table.": "学习得到的表所支持的最长序列。",
    "Whether the input is first multiplied by sqrt(units).": "是否先把输入乘以 sqrt(units)。",
    # attention
    "Reads a sequence by how well each of its keys answers a query, once a head.": (
        "注意力：按每个键与查询的匹配程度读取序列，每个头各做一次。"
    ),
    "How many attend side by side.": "并行的注意力头数。",
    "Length of what is compared; that of the query unless said.": "用来比较的向量长度；不写则与查询相同。",
    "How a query and a key are compared; all but dot products learn.": (
        "查询与键如何打分；除点积外都含可学习的参数。"
    ),
    "Whether a step sees itself and those before it only.": "每个时间步是否只能看到自己和之前的时间步。",
    "soft: a mean by the weights; hard: the best key alone, with the gradient of soft; sampled: one "
    "key drawn by the weights while training, the best after.": (
        "soft：按权重取平均；hard：只取得分最高的键，梯度同 soft；"
        "sampled：训练时按权重抽取一个键，之后取得分最高的。"
    ),
    "Whether queries, keys, values and the result pass learned matrices.": (
        "查询、键、值和结果是否经过可学习的矩阵。"
    ),
    # recurrent
    "Mixes each step with what it remembers of the steps before.": (
        "把每个时间步与对之前各步的记忆（隐状态）混合。"
    ),
    "Length of the state.": "隐状态的长度。",
    "Cells on top of each other.": "上下堆叠的层数。",
    "Whether a second cell reads the sequence backwards.": "是否另有一个单元反向读取序列（双向）。",
    "The output of every step, or the state at the end.": "给出每个时间步的输出，还是最后的状态。",
    "Function of the cell.": "单元所用的激活函数。",
    "Keeps a memory that gates write to, erase and read, so that it lasts many steps.": (
        "长短期记忆网络：由门控制记忆的写入、擦除和读取，使其保持很多个时间步。"
    ),
    "What the forget gate's biases start with in sum; as init says unless set.": (
        "遗忘门两个偏置之和的初始值；不写则由 init 决定。"
    ),
    "Blends each step with what it remembers, by gates that it learns.": (
        "门控循环单元：由学习得到的门，把每个时间步与记忆混合。"
    ),
    "Whether z keeps what was (torch) or lets in what is new (notes).": (
        "更新门 z 是保留旧状态（torch），还是放入新内容（notes）。"
    ),
    "Whether r is applied after the matrix U, as torch does, or before it.": (
        "重置门 r 作用在矩阵 U 之后（与 torch 相同），还是之前。"
    ),
    # activations
    "Leaves everything as it is.": "原样通过。",
    "1 for positive numbers, 0 otherwise; its gradient is 0 everywhere.": (
        "正数得 1，其余得 0；梯度处处为 0。"
    ),
    "Squeezes every number between 0 and 1.": "把每个数压到 0 与 1 之间。",
    "Squeezes every number between −1 and 1.": "把每个数压到 −1 与 1 之间。",
    "Keeps positive numbers, sets the others to 0.": "保留正数，其余置 0。",
    "Keeps positive numbers, makes the others small.": "保留正数，把其余的数缩小。",
    "Slope left of 0.": "0 左侧的斜率。",
    "Keeps positive numbers, bends the others smoothly towards −alpha.": (
        "保留正数，把其余的数平滑地弯向 −alpha。"
    ),
    "Far left of 0 the output nears −alpha.": "在 0 左侧很远处，输出趋近 −alpha。",
    "Weighs each number by the normal probability of a smaller one.": (
        "把每个数乘以标准正态变量小于它的概率。"
    ),
    "Exact, or the older approximation by tanh.": "精确计算，或较早的 tanh 近似。",
    "Weighs each number by its own sigmoid.": "把每个数乘以它自身的 sigmoid。",
    "Keeps positive numbers; learns what the others are multiplied by.": (
        "保留正数；其余的数所乘的斜率由学习得到。"
    ),
    "One slope for all, or one a channel.": "共用一个斜率，或每个通道一个。",
    "What the slopes begin with.": "斜率的初始值。",
    "Keeps positive numbers; makes the others small by a random slope.": (
        "保留正数；其余的数乘以随机的小斜率。"
    ),
    "Smallest slope.": "最小的斜率。",
    "Largest slope.": "最大的斜率。",
    "Keeps the largest of every few neighbouring channels.": "在每若干个相邻通道中取最大值。",
    "How many channels become one.": "多少个通道合为一个。",
    "Turns the numbers along the first axis into shares that add up to 1.": (
        "把第一个轴上的数变为总和为 1 的概率。"
    ),
    "The logarithm of softmax, computed without leaving the numbers' range.": (
        "softmax 的对数，计算中不会上溢或下溢。"
    ),
    # composites
    "A body several times in a row, each time with weights of its own.": (
        "把一段网络依次重复若干次，每次各有自己的权重。"
    ),
    "How often.": "重复的次数。",
    "Layers in order.": "依次排列的层。",
    "Uses a body that is defined under `blocks`, with values for its params.": (
        "使用在 `blocks` 中定义的一段网络，并给出其参数的值。"
    ),
    "Name of the block.": "块的名称。",
    "A value for each of its params.": "每个参数的值。",
    "Several bodies read the same input; their outputs are joined.": (
        "几段网络读取同一个输入，再把输出合并。"
    ),
    "Bodies; an empty one passes the input on.": "各个分支；空的分支原样传递输入。",
    "How the outputs are joined.": "输出如何合并。",
    "Adds the input of a body to its output, past the body.": (
        "残差连接：绕过一段网络，把它的输入加到它的输出上。"
    ),
    "identity passes the input on unchanged; project through a 1×1 convolution or a linear layer "
    "without bias, normalized where the body ends in batch_norm, and as auto only where the shapes "
    "differ; project_always where they agree too; pad takes every s-th cell and adds channels of "
    "zeros.": (
        "identity：原样传递输入；project：经过无偏置的 1×1 卷积或全连接层，若该段以 batch_norm 结尾则再归一化，"
        "与 auto 一样只在形状不同时使用；project_always：形状相同时也投影；"
        "pad：每隔 s 格取一格，并补上全零的通道。"
    ),
    "Convolutions of several sizes and a pool side by side, joined along the channels.": (
        "Inception 模块：几种大小的卷积与一个池化并列，再沿通道拼接。"
    ),
    "Which module: v1 with 5×5, v2 with two 3×3 for it, v3 and v4 with rows and columns; a reduction "
    "halves height and width, as do v3_b and v3_d.": (
        "哪一种模块：v1 用 5×5；v2 以两个 3×3 代替；v3、v4 拆成行与列；reduction 以及 v3_b、v3_d 把高和宽减半。"
    ),
    "Filters of its convolutions by name; as first published unless said.": (
        "各个卷积的滤波器数，按名称给出；不写则与原论文相同。"
    ),
    "Side of the 5×5 of v1, v1_naive and v3_a; often built as 3.": (
        "v1、v1_naive 和 v3_a 中 5×5 卷积的边长；常见实现取 3。"
    ),
    "Kind of its pool; as published unless said.": "池化的种类；不写则与原论文相同。",
    "Whether batch_norm follows each convolution; in all but v1 unless said.": (
        "每个卷积之后是否接 batch_norm；不写时除 v1 外都有。"
    ),
    "Whether convolutions have biases; where nothing normalizes unless said.": (
        "卷积是否有偏置；不写时仅在没有归一化处才有。"
    ),
    "Applies a body, or an earlier network, to every slice of the first axis, such as each sentence of a text, with the same weights.": (
        "对第一个轴的每一片（例如文本中的每个句子）用同一组权重运行一段层列表，或前面的一个网络。"
    ),
    "Calls an earlier layer, composite or network again with the same parameters, as siamese nets do.": (
        "用同一组参数再次调用前面的层、组合或网络，如孪生网络那样。"
    ),
    "The earlier layer, composite or network that is called again.": "要再次调用的前面的层、组合或网络。",
    "An earlier network of the document, in place of a body.": "文档中前面的一个网络，代替 body。",
    "Layers of self-attention and feed-forward nets, each with a shortcut.": (
        "Transformer 编码器：自注意力与前馈网络相叠，各带残差连接。"
    ),
    "Layers that attend to what they gave so far and to a memory, each with a shortcut.": (
        "Transformer 解码器：先注意已有的输出，再注意编码器的记忆，各带残差连接。"
    ),
    "How many layers on top of each other.": "堆叠的层数。",
    "Heads of each attention.": "每个注意力的头数。",
    "Width of the feed-forward layer.": "前馈网络的宽度。",
    "Function of the feed-forward layer.": "前馈网络的激活函数。",
    "Dropout behind each part.": "每个部分之后的丢弃率。",
    "Whether the matrices of its attention have biases; the paper names none.": (
        "注意力的各个矩阵是否带偏置；原论文没有提到偏置。"
    ),
    "Normalization after each shortcut, as published, or before each part.": (
        "归一化放在每个残差连接之后（原论文），还是每个部分之前。"
    ),
    # decoders, memories, trees and graphs
    "What is computed at a step.": "每一步所用的单元。",
    "How a step is compared with the steps of the memory.": "每一步如何与记忆中的各步比较。",
    "Share of the steps after the first at which training reads the input, drawn for each sample; the others read what the step before gave. Below 1, evaluation reads the first step of the input alone.": "训练时，第一步之后的每一步对每个样本以此概率读入给定的输入，否则读入前一步的输出。小于 1 时，评估只读入给定的第一步。",
    "Writes a sequence step by step, each step knowing those before and what it reads of a memory. Trained in part on its own output, it runs freely in evaluation.": "逐步写出一个序列：每一步都知道前面各步，也知道从记忆中读到的内容。训练时若有时读入自己的输出，评估时便自由运行。",
    "Reads pictures one after the other; what it remembers is a picture.": "逐张读取图像，记住的也是一张图像。",
    "Channels of the state.": "状态的通道数。",
    "Size of the window: one number or two.": "窗口的大小：一个或两个数。",
    "Draws from a normal distribution, so that the gradient reaches its mean and variance.": "从正态分布中抽样，并让梯度能传到均值和方差。",
    "Gathers a tree from its leaves to its root by gates that it learns.": "用学到的门，把一棵树从叶到根汇总起来。",
    "The state of every node, or of the root.": "给出每个节点的状态，还是只给根的状态。",
    "Gives each node of a graph a mixture of its own and its neighbours.": "把图中每个节点与它的邻居混合起来。",
    "Features of a node afterwards.": "输出中每个节点的特征数。",
    "Reads facts several times over, each time led by what it found before.": "反复读取事实，每一遍都由前面找到的内容来引导。",
    "How often the facts are read.": "事实读多少遍。",
    "Width of the gate's hidden layer; D unless said.": "门的隐藏层宽度；不写时取 D。",
    "Keeps a note of each thing in a story, and writes where it is named.": "为故事里的每样事物留一份记录，提到谁就写到谁那里。",
    "How many things it can keep apart.": "最多能区分多少样事物。",
    "φ: with a learned slope below 0 for each unit, at first 1; or none.": "φ：每个单元在 0 以下有可学习的斜率，起初为 1；或者不用。",
}
