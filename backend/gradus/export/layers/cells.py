"""What recurrent layers compute at a step, as text: `inputs` and `before` are what the input and
the state give to the gates."""

RNN = '''
def rnn(inputs, before, state):
    """h = tanh(W x + U h₋₁) (Elman 1990)."""
    return (torch.tanh(inputs + before),)
'''
LSTM = '''
def lstm(inputs, before, state):
    """c = f ∘ c₋₁ + i ∘ g, h = o ∘ tanh(c); gates in the order i, f, g, o."""
    i, f, g, o = (inputs + before).chunk(4, 1)
    memory = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(memory), memory
'''
GRU = '''
def gru(inputs, before, state):
    """n = tanh(x + r ∘ h₋₁), h = (1 − z) ∘ n + z ∘ h₋₁; gates in the order r, z, n."""
    (x_r, x_z, x_n), (h_r, h_z, h_n) = inputs.chunk(3, 1), before.chunk(3, 1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return ((1 - z) * torch.tanh(x_n + r * h_n) + z * state[0],)
'''
CELLS = {"rnn": RNN, "lstm": LSTM, "gru": GRU}
GATES = {"rnn": 1, "lstm": 4, "gru": 3}
STATES = {"rnn": 1, "lstm": 2, "gru": 1}
