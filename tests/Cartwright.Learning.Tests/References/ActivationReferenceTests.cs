using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.References;

/// <summary>Activations beside the numbers that activations.py wrote.</summary>
public sealed class ActivationReferenceTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Activations = new()
    {
        ["leaky_relu"] = x => x.LeakyRelu(0.125f),
        ["elu"] = x => x.Elu(1.5f),
        ["swish"] = x => x.Swish(),
        ["hard_sigmoid"] = x => x.HardSigmoid(),
        ["hard_swish"] = x => x.HardSwish(),
    };

    public static TheoryData<string> Names => Reference.Names("activations.json");

    [Theory, MemberData(nameof(Names))]
    public void An_activation_gives_the_output_and_the_gradient_of_PyTorch(string name)
    {
        var reference = Reference.Load("activations.json", name);

        Tensor output = Activations[name](reference["x"]);
        (output * reference.Upstream()).Sum().Backward();

        reference.AssertOutput(output);
        reference.AssertGradients(reference.Inputs);
    }
}
