"""Writes what PyTorch says of convolutions, pools, batch normalization and the blocks made of them, for ConvolutionReferenceTests.cs.

    /usr/bin/python3 convolution.py        (Debian: apt-get install python3-torch)
"""
import torch
import torch.nn.functional as F

from make_references import case, draw, layer, write

torch.manual_seed(20251125)
torch.set_default_dtype(torch.float64)


def conv(function, x, weight, **settings):
    bias = draw(weight[0] if function in (F.conv2d, F.conv1d) else weight[1] * settings.get("groups", 1))
    return case({"x": draw(*x), "weight": draw(*weight, scale=0.5), "bias": bias},
                lambda x, weight, bias: function(x, weight, bias, **settings))


def operations():
    picture = draw(2, 3, 7, 6)
    sequence = draw(2, 3, 9)
    return {
        "conv2d": conv(F.conv2d, (2, 3, 6, 5), (4, 3, 3, 3)),
        "conv2d_padded": conv(F.conv2d, (2, 3, 6, 5), (4, 3, 3, 3), padding=1),
        "conv2d_strided": conv(F.conv2d, (2, 2, 7, 8), (3, 2, 3, 2), stride=(2, 3), padding=(1, 0)),
        "conv2d_dilated": conv(F.conv2d, (1, 2, 9, 8), (2, 2, 3, 3), dilation=2, padding=1, stride=(1, 2)),
        "conv2d_grouped": conv(F.conv2d, (2, 4, 5, 5), (6, 2, 3, 3), groups=2, padding=1, stride=2),
        "conv2d_depthwise": conv(F.conv2d, (2, 3, 7, 6), (3, 1, 3, 3), groups=3, padding=1, stride=2),
        "conv2d_by_one": conv(F.conv2d, (2, 5, 4, 4), (3, 5, 1, 1), stride=2),
        "conv2d_relu": case({"x": draw(2, 3, 6, 5), "weight": draw(4, 3, 3, 3, scale=0.5), "bias": draw(4)},
                            lambda x, weight, bias: F.relu(F.conv2d(x, weight, bias, padding=1))),
        "conv1d": conv(F.conv1d, (2, 3, 11), (4, 3, 3), stride=2, padding=2, dilation=2),
        "conv_transpose2d": conv(F.conv_transpose2d, (2, 3, 4, 3), (3, 2, 4, 4), stride=2, padding=1),
        "conv_transpose2d_output_padding": conv(F.conv_transpose2d, (1, 2, 3, 4), (2, 3, 3, 3), stride=(2, 3), padding=1, output_padding=(1, 2)),
        "conv_transpose2d_grouped": conv(F.conv_transpose2d, (2, 4, 3, 3), (4, 2, 3, 3), groups=2, dilation=2),
        "conv_transpose1d": conv(F.conv_transpose1d, (2, 3, 5), (3, 2, 4), stride=2, padding=1),
        "max_pool2d": case({"x": picture}, lambda x: F.max_pool2d(x, 2)),
        "max_pool2d_padded": case({"x": picture}, lambda x: F.max_pool2d(x, 3, 2, 1)),
        "max_pool1d": case({"x": sequence}, lambda x: F.max_pool1d(x, 3, 2, 1)),
        "average_pool2d": case({"x": picture}, lambda x: F.avg_pool2d(x, (2, 3), (2, 1))),
        "average_pool2d_padded": case({"x": picture}, lambda x: F.avg_pool2d(x, 3, 2, 1)),
        "average_pool1d": case({"x": sequence}, lambda x: F.avg_pool1d(x, 4)),
        "adaptive_max_pool2d": case({"x": picture}, lambda x: F.adaptive_max_pool2d(x, (3, 4))),
        "adaptive_average_pool2d": case({"x": picture}, lambda x: F.adaptive_avg_pool2d(x, (3, 4))),
        "global_average_pool2d": case({"x": picture}, lambda x: F.adaptive_avg_pool2d(x, 1)),
    }


def norm(w, name, x):
    return F.batch_norm(x, None, None, w[name + ".weight"], w[name + ".bias"], training=True)


def norm_weights(name, channels):
    return {name + ".weight": 1 + draw(channels, scale=0.3), name + ".bias": draw(channels)}


def residual(w, stride):
    y = F.relu(norm(w, "bn1", F.conv2d(w["x"], w["conv1.weight"], stride=stride, padding=1)))
    y = norm(w, "bn2", F.conv2d(y, w["conv2.weight"], padding=1))
    if "downsample.0.weight" not in w:
        return F.relu(y + w["x"])
    return F.relu(y + norm(w, "downsample.1", F.conv2d(w["x"], w["downsample.0.weight"], stride=stride)))


def inverted(w, stride):
    y = F.relu6(norm(w, "expand_norm", F.conv2d(w["x"], w["expand.weight"])))
    y = F.relu6(norm(w, "depthwise_norm", F.conv2d(y, w["depthwise.weight"], stride=stride, padding=1, groups=y.shape[1])))
    y = norm(w, "project_norm", F.conv2d(y, w["project.weight"]))
    return w["x"] + y if y.shape == w["x"].shape else y


def squeeze(w):
    scale = F.relu(F.linear(w["x"].mean((2, 3)), w["fc1.weight"], w["fc1.bias"]))
    return w["x"] * torch.sigmoid(F.linear(scale, w["fc2.weight"], w["fc2.bias"]))[:, :, None, None]


def batch_norm(x, **settings):
    return layer({"x": x}, {"weight": 1 + draw(3, scale=0.3), "bias": draw(3)},
                 lambda w: F.batch_norm(w["x"], settings.get("mean"), settings.get("var"), w["weight"], w["bias"], training="mean" not in settings))


def layers():
    plain = {"conv1.weight": draw(4, 4, 3, 3, scale=0.3), **norm_weights("bn1", 4), "conv2.weight": draw(4, 4, 3, 3, scale=0.3), **norm_weights("bn2", 4)}
    halving = {"conv1.weight": draw(4, 3, 3, 3, scale=0.3), **norm_weights("bn1", 4), "conv2.weight": draw(4, 4, 3, 3, scale=0.3),
               **norm_weights("bn2", 4), "downsample.0.weight": draw(4, 3, 1, 1), **norm_weights("downsample.1", 4)}
    wide = {"expand.weight": draw(6, 3, 1, 1), **norm_weights("expand_norm", 6), "depthwise.weight": draw(6, 1, 3, 3, scale=0.5),
            **norm_weights("depthwise_norm", 6), "project.weight": draw(3, 6, 1, 1), **norm_weights("project_norm", 3)}
    return {
        "batch_norm_pictures": batch_norm(draw(4, 3, 3, 2, scale=2)),
        "batch_norm_rows": batch_norm(draw(9, 3, scale=2)),
        "batch_norm_answering": batch_norm(draw(2, 3, 3, 2), mean=torch.zeros(3), var=torch.ones(3)),
        "residual_block": layer({"x": draw(2, 4, 5, 5)}, plain, lambda w: residual(w, 1)),
        "residual_block_halving": layer({"x": draw(2, 3, 5, 5)}, halving, lambda w: residual(w, 2)),
        "inverted_residual": layer({"x": draw(2, 3, 5, 5)}, wide, lambda w: inverted(w, 1)),
        "inverted_residual_halving": layer({"x": draw(2, 3, 5, 5)}, wide, lambda w: inverted(w, 2)),
        "squeeze_excitation": layer({"x": draw(2, 6, 3, 4)}, {"fc1.weight": draw(3, 6), "fc1.bias": draw(3), "fc2.weight": draw(6, 3), "fc2.bias": draw(6)}, squeeze),
    }


if __name__ == "__main__":
    write("convolution", operations(), __file__)
    write("convolution_layers", layers(), __file__)
