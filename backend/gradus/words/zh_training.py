"""Chinese for what the fields of `train` say of themselves: the English sentence and its own."""

SENTENCES: dict[str, str] = {
    "Times through the training part.": "遍历训练集的轮数。",
    "Samples of one update, or all of the training part.": "每次更新所用的样本数，或整个训练集。",
    "How an update follows from the gradients.": "如何由梯度得出参数的更新。",
    # optimizers
    "Stochastic gradient descent, with momentum as torch has it.": "随机梯度下降，动量的定义与 torch 相同。",
    "How large an update is, before the schedule.": "学习率：更新的大小，尚未计入调度。",
    "Share of the last update that goes on.": "动量：上一次更新延续下来的比例。",
    "Share of the gradient held back; 0.9 with momentum 0.9 averages.": (
        "梯度被抑制的比例；与动量 0.9 同取 0.9 时，即为移动平均。"
    ),
    "Whether it looks ahead (Nesterov 1983).": "是否向前看一步（Nesterov，1983）。",
    "Each rate falls with the root of its squared gradients so far (Duchi et al. 2011).": (
        "每个参数的学习率随其梯度平方和的平方根下降（Duchi 等，2011）。"
    ),
    "The rate is divided by 1 + lr_decay · (step − 1).": "学习率除以 1 + lr_decay · (步数 − 1)。",
    "What the sums of squares begin with.": "平方和的初始值。",
    "Keeps a quotient finite.": "避免除以零的小常数。",
    "Steps as long as the last ones were, by the gradients' size (Zeiler 2012).": (
        "按梯度的大小，使步长与最近几步相当（Zeiler，2012）。"
    ),
    "How long both running means remember.": "两个移动平均的记忆长度。",
    "Gradients divided by the root of their running mean square (Tieleman and Hinton 2012).": (
        "梯度除以其均方的移动平均的平方根（Tieleman 与 Hinton，2012）。"
    ),
    "How long the mean square remembers.": "均方的移动平均的记忆长度。",
    "Whether the variance stands for the mean square.": "是否用方差代替均方。",
    "Adam (Kingma and Ba 2015).": "Adam：带动量的自适应学习率（Kingma 与 Ba，2015）。",
    "How long the mean and the mean square remember.": "均值与均方两个移动平均的记忆长度。",
    "Adam whose weight decay stands beside the gradient (Loshchilov and Hutter 2019).": (
        "权重衰减与梯度解耦的 Adam（Loshchilov 与 Hutter，2019）。"
    ),
    "Every parameter shrinks by learning_rate · weight_decay a step.": (
        "每一步每个参数按 学习率 · 权重衰减 缩小。"
    ),
    # steps of several networks
    "How several networks are trained in alternation.": "多个网络怎样交替训练。",
    "One part of an alternation: what it calls, what it makes small, whose parameters it moves.": (
        "交替训练的一步：调用什么，减小什么，更新谁的参数。"
    ),
    "Of its series; the first network that it updates.": "步骤名，曲线以它命名；不写则为它更新的第一个网络。",
    "Networks that it changes.": "由它更新的网络。",
    "Uses of networks, in order.": "按次序对网络的调用。",
    "What is made small; they read calls.": "要减小的损失，它们读取调用的结果。",
    "That of train unless said.": "不写则用 train 的优化器。",
    "Made at each so manieth step.": "每隔这么多步做一次。",
    "Updates in a row, each on a batch of its own.": "连续更新的次数，每次用新的一批样本。",
    "One use of a network: what it is given, and whether gradients stop at what it gives.": (
        "对网络的一次调用：给它什么，梯度是否止于它的输出。"
    ),
    "The network and its ordinal among the calls unless said.": (
        "不写则为网络名加上它在这些调用中的序号。"
    ),
    "The network that is called.": "被调用的网络。",
    "batch, target, noise or an earlier call; by the names of its inputs where the network has several.": (
        "batch、target、noise 或前面的调用；网络有多个输入时按输入的名称分别写明。"
    ),
    "Whether no gradient flows back through what it gives.": "梯度是否不再穿过它的输出往回传。",
    "The last layer's weights go by (target − answer) · input, answers being 0 and 1 (Rosenblatt "
    "1958). It follows no losses, and what stands before the last layer stays as it is.": (
        "感知机规则：最后一层的权重按（目标 − 回答）· 输入更新，回答取 0 或 1（Rosenblatt，1958）。"
        "不使用损失；最后一层之前的部分保持不变。"
    ),
    "The rows of the last layer's weights are centres, each the mean of the samples nearest to it: "
    "all of them (Lloyd 1982), or those drawn so far (Sculley 2010). Targets are not read.": (
        "k 均值：最后一层权重的每一行是一个中心，即离它最近的样本的均值：全部样本（Lloyd，1982），"
        "或至今抽到的样本（Sculley，2010）。不读取目标值。"
    ),
    "Share of the way to its mean that a centre goes.": "每个中心向其均值移动的比例。",
    "Samples that the centres begin at: far from each other (k-means++, Arthur and Vassilvitskii "
    "2007), or any.": "中心从哪些样本开始：彼此远离（k-means++，Arthur 与 Vassilvitskii，2007），或任取。",
    # losses
    "What is made small; the data's task decides unless said.": "要减小的损失；不写则由数据的任务决定。",
    "Squared error, the mean over all numbers; `half` halves it, as textbooks do.": (
        "均方误差，对所有数取平均；`half` 再乘以 1/2，如教科书所写。"
    ),
    "Layer, or call of its step, that it reads; the last one unless said.": (
        "读取哪一层（在步骤中则是哪个调用）的输出；不写则为最后一个。"
    ),
    "What it is held against: target, of the data; batch, the input; ones or zeros. In a step also a call.": (
        "与什么比较：target 是数据的目标值，batch 是输入本身，另有 ones（全一）与 zeros（全零）；在步骤中还可以是某个调用。"
    ),
    "How far the normal distribution of a sample_normal is from the standard one (Kingma and Welling 2014).": (
        "sample_normal 的正态分布与标准正态分布之间的 KL 散度（Kingma 与 Welling，2014）。"
    ),
    "Draws what belongs together close and the rest apart by a margin (Hadsell et al. 2006): two layers "
    "where `other` names the second, else every pair of a batch.": (
        "对比损失：同类拉近，异类推开到间隔之外（Hadsell 等，2006）；写了 `other` 时比较两个层，否则比较一批中的每一对样本。"
    ),
    "Distance from which on different ones are left alone.": "间隔：异类相距超过它就不再推开。",
    "Layer that gives the second of each pair; class 1 says that both belong together.": (
        "给出每对中第二个的层；类别 1 表示两者属于一起。"
    ),
    "What it is multiplied by in the sum.": "在总和中的权重。",
    "Whether it is halved.": "是否乘以 1/2。",
    "Absolute error, the mean over all numbers.": "绝对误差，对所有数取平均。",
    "Half the squared error up to delta, a straight line of that slope beyond (Huber 1964).": (
        "误差在 delta 以内取平方的一半，之外为同斜率的直线（Huber，1964）。"
    ),
    "Error where the line begins.": "从平方变为直线处的误差。",
    "Negative logarithm of the softmax at the true class; reads logits, one a class.": (
        "真实类别的 softmax 的负对数；读取每类一个的 logit。"
    ),
    "Cross-entropy of two classes from one logit; class 1 is positive.": (
        "由一个 logit 计算的两类交叉熵；类别 1 为正类。"
    ),
    "How far a margin of 1 is missed: of t·z for one unit and t = ±1, or of the true class over "
    "every other one (Crammer and Singer 2001, summed over the others).": (
        "离间隔 1 还差多少：单个单元时看 t·z，t = ±1；多类时看真实类别比其他各类高出多少"
        "（Crammer 与 Singer，2001，对其他各类求和）。"
    ),
    "What is counted beside the losses; confusion once, in the results.": (
        "除损失外还统计的指标；混淆矩阵 confusion 只在结果中给出一次。"
    ),
    "Of the samples in an epoch: shuffled anew; class by class; shuffled with the classes evenly "
    "mixed.": "每轮中样本的次序：重新打乱；逐类排列；打乱并使各类均匀混合。",
    # schedules
    "How the learning rate changes as epochs go by.": "学习率如何随轮数变化。",
    "The same rate throughout.": "学习率始终不变。",
    "The rate is multiplied by gamma after every so many epochs.": "每过若干轮，学习率乘以 gamma。",
    "Epochs from one fall to the next.": "相邻两次下降之间的轮数。",
    "What the rate is multiplied by.": "学习率所乘的因子。",
    "The rate is multiplied by gamma after every epoch.": "每过一轮，学习率乘以 gamma。",
    "Half a cosine from the whole rate to its floor (Loshchilov and Hutter 2017).": (
        "按半个余弦从完整的学习率降到下限（Loshchilov 与 Hutter，2017）。"
    ),
    "Share of the rate that is left at the end.": "最后剩下的学习率所占的比例。",
    "Up to the whole rate, then down far below its start (Smith and Topin 2018), both by cosines.": (
        "先升到完整的学习率，再降到远低于起点，都按余弦（Smith 与 Topin，2018）。"
    ),
    "Share of the epochs in which it rises.": "上升阶段占总轮数的比例。",
    "Share of the rate that it starts with.": "开始时的学习率所占的比例。",
    "A straight rise to the whole rate, which then stays or falls with the root of time.": (
        "热身：线性升到完整的学习率，之后保持不变，或随时间的平方根下降。"
    ),
    "Epochs until the whole rate is reached.": "达到完整学习率所需的轮数。",
    "inverse_sqrt falls as in the Transformer (Vaswani et al. 2017).": (
        "inverse_sqrt：如 Transformer 那样下降（Vaswani 等，2017）。"
    ),
    "The rate falls each time a measure has not improved for so many epochs.": (
        "每当某个指标连续若干轮没有改善，学习率就下降。"
    ),
    "Epochs after a fall that do not count.": "每次下降之后不计入的轮数。",
    # steering
    "When to end before all epochs are over, or never.": "何时在所有轮数结束之前停止；不写则不提前停止。",
    "Training ends when a measure has not improved for so many epochs (Prechelt 1998).": (
        "某个指标连续若干轮没有改善时，训练结束（Prechelt，1998）。"
    ),
    "Epochs in a row without improvement that end the patience.": "连续多少轮没有改善即不再等待。",
    "What is judged at each epoch's end.": "每轮结束时用来判断的指标。",
    "What an improvement has to be larger than to count.": "改善须超过此值才算数。",
    "Whether the weights of the best epoch are kept and taken in the end.": (
        "是否保留最好一轮的权重，并在结束时取用。"
    ),
    "Several networks that are trained side by side and answer together.": (
        "集成：多个网络一起训练、一起回答。"
    ),
    "Members that answer together; results are those of all, and of each beside them.": (
        "一起回答的成员；结果既有整体的，也有每个成员的。"
    ),
    "How many networks answer together.": "一起回答的网络个数。",
    "average: other initial values and orders, answers averaged; vote: the same, answers counted; "
    "bagging: each draws its samples with replacement (Breiman 1996); snapshot: one network, kept "
    "at the end of each cosine cycle (Huang et al. 2017).": (
        "average：初始值与次序各不相同，回答取平均；vote：同上，回答按票数；"
        "bagging：各自有放回地抽样（Breiman，1996）；"
        "snapshot：一个网络，在每个余弦周期结束时保留（Huang 等，2017）。"
    ),
    # gradients
    "Bound on the gradients before an update, or none.": "更新前对梯度的裁剪；不写则不裁剪。",
    "A bound on the gradients of a step: on their norm as one vector, or on each of them.": (
        "梯度裁剪：限制全部梯度合成一个向量的范数，或限制每一个梯度。"
    ),
    "Longest that all gradients may be as one vector.": "全部梯度合成一个向量时的最大长度。",
    "Largest size of any single gradient.": "单个梯度的最大绝对值。",
    "Noise added to the gradients, or none.": "加到梯度上的噪声；不写则不加。",
    "Normal noise of variance eta / (1 + step)^gamma on every gradient (Neelakantan et al. 2015).": (
        "给每个梯度加上方差为 eta / (1 + 步数)^gamma 的正态噪声（Neelakantan 等，2015）。"
    ),
    "Variance of the noise at the first step.": "第一步时噪声的方差。",
    "How fast the noise dies away.": "噪声衰减的快慢。",
    # the rest
    "Weight of the sum of |w| added to the loss.": "L1 正则化：加到损失上的 |w| 之和的权重。",
    "Weight of half the sum of w² added to the loss.": "L2 正则化：加到损失上的 w² 之和的一半的权重。",
    "Every weight shrinks by learning_rate · weight_decay a step, beside its gradient; "
    "biases do not.": "权重衰减：每一步每个权重按 学习率 · weight_decay 缩小，与梯度无关；偏置不变。",
    "How many devices of one machine share each batch, one process for each.": (
        "一台机器上由多少个设备分担每个批次，每个设备一个进程。"
    ),
    "eager keeps to plain steps, for bitwise repeats.": "eager：只用普通的步骤，可逐位重复。",
    "Numbers that are computed with; bfloat16 in products of matrices and convolutions, float32 "
    "elsewhere.": "计算所用的数值精度；bfloat16 只用于矩阵乘法与卷积，其余仍为 float32。",
    "A loss that is not a number pauses or fails a run unless it may continue.": (
        "损失不是数时，运行会暂停或失败，除非允许继续。"
    ),
    "Seed of initial values, batches and dropout.": "初始值、批量次序与丢弃法的随机种子。",
}
