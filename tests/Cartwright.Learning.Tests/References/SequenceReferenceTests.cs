using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.References;

/// <summary>Layers and losses over sequences beside PyTorch's.</summary>
public sealed class SequenceReferenceTests
{
    private static readonly Dictionary<string, Func<Reference, (Module Layer, Func<Tensor> Forward)>> Layers = new()
    {
        ["rms_norm"] = r => Case(new RmsNorm(9), layer => layer.Forward(r["x"])),
        ["rotary_causal"] = r => Case(new MultiHeadAttention(8, 2, 0, new Random(1), hasRotaryPositions: true),
            layer => layer.Forward(r["x"], r.Ids("offsets"), causal: true)),
        ["rotary_full"] = r => Case(new MultiHeadAttention(8, 1, 0, new Random(1), hasRotaryPositions: true),
            layer => layer.Forward(r["x"], r.Ids("offsets"), causal: false)),
        ["learned_positions"] = r => Case(new LearnedPositions(7, 8, new Random(1)), layer => layer.Forward(r["x"], r.Ids("offsets"))),
        ["attention_pooling"] = r => Case(new AttentionPooling(8, 3, new Random(1)), layer => layer.Forward(r["x"], r.Ids("offsets"))),
    };

    public static TheoryData<string> Names => Reference.Names("sequences.json");

    [Theory, MemberData(nameof(Names))]
    public void A_layer_or_loss_over_sequences_gives_the_output_and_the_gradients_of_PyTorch(string name)
    {
        var reference = Reference.Load("sequences.json", name);
        if (name.StartsWith("ctc", StringComparison.Ordinal))
        {
            Tensor loss = Ctc.Loss(reference["logits"], reference.Ids("offsets"), reference.Ids("labels"), reference.Ids("label_offsets"), reference.Ids("blank")[0]);
            loss.Backward();

            reference.AssertOutput(loss);
            reference.AssertGradients(reference.Inputs);
            return;
        }

        (Module layer, Func<Tensor> forward) = Layers[name](reference);
        layer.Load(reference.Inputs.Where(input => input.Key != "x").ToDictionary());

        Tensor output = forward();
        (output * reference.Upstream()).Sum().Backward();

        reference.AssertOutput(output);
        reference.AssertGradients(layer.Parameters().Append(new("x", reference["x"])).ToDictionary());
    }

    private static (Module, Func<Tensor>) Case<TLayer>(TLayer layer, Func<TLayer, Tensor> forward)
        where TLayer : Module => (layer, () => forward(layer));
}
