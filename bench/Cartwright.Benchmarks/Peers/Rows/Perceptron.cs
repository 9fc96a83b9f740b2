using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Benchmarks.Peers.Rows;

/// <summary>Dense layers with ReLU between them.</summary>
internal sealed class Perceptron(Random random, params int[] sizes) : Module
{
    private readonly Dense[] _layers = [.. sizes.Zip(sizes[1..], (inputs, outputs) => new Dense(inputs, outputs, random))];

    protected internal override IEnumerable<Part> Parts => Part.List("layers", _layers);

    public Tensor Forward(Tensor x)
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            x = _layers[i].Forward(x, i < _layers.Length - 1 ? Activation.Relu : Activation.None);
        }

        return x;
    }
}
