using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.References;

/// <summary>Our numbers beside PyTorch's, which make_references.py wrote.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, Func<Reference, Tensor>> Operations = new()
    {
        ["relu"] = r => r["x"].Relu(),
        ["gelu"] = r => r["x"].Gelu(),
        ["sigmoid"] = r => r["x"].Sigmoid(),
        ["tanh"] = r => r["x"].Tanh(),
        ["softplus"] = r => r["x"].Softplus(),
        ["softmax"] = r => r["x"].Softmax(),
        ["softmax_extreme"] = r => r["x"].Softmax(),
        ["log_softmax"] = r => r["x"].LogSoftmax(),
        ["add"] = r => r["x"] + r["y"],
        ["add_row"] = r => r["x"] + r["y"],
        ["subtract"] = r => r["x"] - r["y"],
        ["multiply"] = r => r["x"] * r["y"],
        ["scale"] = r => r["x"] * 0.375f,
        ["mean"] = r => r["x"].Mean(),
        ["square"] = r => r["x"] * r["x"],
        ["concat_rows"] = r => r["x"].ConcatRows(r["y"]),
        ["matmul"] = r => r["x"].MatMul(r["y"]),
        ["matmul_transposed"] = r => r["x"].MatMul(r["y"], transposeY: true),
        ["matmul_batched"] = r => r["x"].MatMul(r["y"]),
        ["transpose"] = r => r["x"].Transpose(),
        ["take_rows"] = r => r["x"].TakeRows(r.Ids("rows")),
        ["layer_norm"] = r => r["x"].LayerNorm(r["gain"], r["bias"], 1e-5f),
    };

    private static readonly Dictionary<string, Func<Reference, (Module Layer, Func<Tensor> Forward)>> LayerCases = new()
    {
        ["dense"] = r => Case(new Dense(6, 4, new Random(1)), layer => layer.Forward(r["x"])),
        ["layer_norm"] = r => Case(new LayerNorm(6), layer => layer.Forward(r["x"])),
        ["embedding"] = r => Case(new Embedding(7, 4, new Random(1)), layer => layer.Forward(r.Ids("ids"))),
        ["embedding_bag"] = r => Case(new EmbeddingBag(7, 4, new Random(1)), layer => layer.Forward(r.Ids("ids"), r.Ids("offsets"))),
        ["dropout"] = r => Case(new Dropout(0.5f), layer => layer.Forward(r["x"])),
        ["attention_causal"] = r => Case(new MultiHeadAttention(8, 2, 0.1f, new Random(1)), layer => layer.Forward(r["x"], r.Ids("offsets"), causal: true)),
        ["attention_full"] = r => Case(new MultiHeadAttention(8, 2, 0.1f, new Random(1)), layer => layer.Forward(r["x"], r.Ids("offsets"), causal: false)),
        ["transformer_block_causal"] = r => Case(new TransformerBlock(8, 2, 16, 0.1f, new Random(1)), layer => layer.Forward(r["x"], r.Ids("offsets"), causal: true)),
        ["transformer_block_full"] = r => Case(new TransformerBlock(8, 2, 16, 0.1f, new Random(1)), layer => layer.Forward(r["x"], r.Ids("offsets"), causal: false)),
    };

    private static readonly Dictionary<string, Func<Reference, Tensor>> LossCases = new()
    {
        ["cross_entropy"] = r => CrossEntropy.Loss(r["logits"], r.Ids("targets"), new() { IgnoreIndex = -100 }),
        ["cross_entropy_extreme"] = r => CrossEntropy.Loss(r["logits"], r.Ids("targets")),
        ["table_cross_entropy"] = r => TableCrossEntropy.Loss(r["queries"], r["table"], r.Ids("targets")),
        ["sampled_softmax"] = r => SampledSoftmax.Loss(r["queries"], r["positives"], r["negatives"], r.Ids("targets"), r.Ids("samples"), new float[5]),
        ["sampled_softmax_corrected"] = r =>
            SampledSoftmax.Loss(r["queries"], r["positives"], r["negatives"], r.Ids("targets"), r.Ids("samples"), r.Numbers("added")),
    };

    private static readonly Dictionary<string, Func<Module, Optimizer>> OptimizerCases = new()
    {
        ["sgd"] = weight => new Sgd(weight, new SgdOptions { LearningRate = 0.1f }),
        ["sgd_decay"] = weight => new Sgd(weight, new SgdOptions { LearningRate = 0.1f, WeightDecay = 0.05f }),
        ["sgd_momentum"] = weight => new Sgd(weight, new SgdOptions { LearningRate = 0.1f, Momentum = 0.9f }),
        ["sgd_nesterov"] = weight => new Sgd(weight, new SgdOptions { LearningRate = 0.1f, Momentum = 0.9f, IsNesterov = true, WeightDecay = 0.05f }),
        ["adam"] = weight => new Adam(weight, new AdamOptions { LearningRate = 0.01f }),
        ["adam_decay"] = weight => new Adam(weight, new AdamOptions
        {
            LearningRate = 0.01f,
            Beta1 = 0.8f,
            Beta2 = 0.95f,
            WeightDecay = 0.1f,
            IsDecayDecoupled = false,
        }),
        ["adam_w"] = weight => new Adam(weight, new AdamOptions { LearningRate = 0.01f, WeightDecay = 0.1f }),
        ["sparse_adam"] = weight => new Adam(weight, new AdamOptions { LearningRate = 0.01f, UpdatesTouchedRowsOnly = true }),
    };

    public static TheoryData<string> OperationNames => Reference.Names("operations.json");

    public static TheoryData<string> LayerNames => Reference.Names("layers.json");

    public static TheoryData<string> LossNames => Reference.Names("losses.json");

    public static TheoryData<string> OptimizerNames => Reference.Names("optimizers.json");

    [Theory, MemberData(nameof(OperationNames))]
    public void An_operation_gives_the_output_and_the_gradients_of_PyTorch(string name)
    {
        var reference = Reference.Load("operations.json", name);

        Tensor output = Operations[name](reference);
        Tensor weighted = (output * reference.Upstream()).Sum();
        weighted.Backward();

        reference.AssertOutput(output);
        reference.AssertGradients(reference.Inputs);
    }

    [Theory, MemberData(nameof(LayerNames))]
    public void A_layer_gives_the_output_and_the_gradients_of_PyTorch(string name)
    {
        var reference = Reference.Load("layers.json", name);
        (Module layer, Func<Tensor> forward) = LayerCases[name](reference);
        layer.Load(reference.Inputs.Where(input => input.Key != "x").ToDictionary());

        Tensor output = forward();
        (output * reference.Upstream()).Sum().Backward();

        reference.AssertOutput(output);
        reference.AssertGradients(layer.Parameters().Concat(reference.Inputs.Where(input => input.Key == "x")).ToDictionary());
    }

    [Theory, MemberData(nameof(LossNames))]
    public void A_loss_gives_the_value_and_the_gradients_of_PyTorch(string name)
    {
        var reference = Reference.Load("losses.json", name);

        Tensor loss = LossCases[name](reference);
        loss.Backward();

        reference.AssertOutput(loss);
        reference.AssertGradients(reference.Inputs);
    }

    [Theory, MemberData(nameof(OptimizerNames))]
    public void An_optimizer_takes_the_steps_of_PyTorch(string name)
    {
        var reference = Reference.Load("optimizers.json", name);
        Tensor weight = reference.Parameter("start");
        Optimizer optimizer = OptimizerCases[name](new OneWeight(weight));
        float[][] gradients = reference.Series("steps"), expected = reference.Series("weights");

        for (int step = 0; step < gradients.Length; step++)
        {
            GiveGradient(weight, gradients[step], touchedRowsOnly: name.StartsWith("sparse", StringComparison.Ordinal));
            optimizer.Step();

            Reference.AssertClose($"weight after step {step + 1}", expected[step], weight.Values);
        }
    }

    /// <summary>The gradient of the sum of weight · gradient by the weight is the gradient.</summary>
    private static void GiveGradient(Tensor weight, float[] gradient, bool touchedRowsOnly)
    {
        if (!touchedRowsOnly)
        {
            (weight * Tensor.From(gradient, [.. weight.Shape])).Sum().Backward();
            return;
        }

        int columns = weight.Columns;
        int[] rows = [.. Enumerable.Range(0, weight.Rows).Where(row => gradient.AsSpan(row * columns, columns).ContainsAnyExcept(0f))];
        float[] touched = [.. rows.SelectMany(row => gradient[(row * columns)..((row + 1) * columns)])];
        (weight.TakeRows(rows) * Tensor.From(touched, rows.Length, columns)).Sum().Backward();
    }

    private static (Module, Func<Tensor>) Case<TLayer>(TLayer layer, Func<TLayer, Tensor> forward)
        where TLayer : Module => (layer, () => forward(layer));

    private sealed class OneWeight(Tensor weight) : Module
    {
        protected internal override IEnumerable<Part> Parts => [new("weight", weight)];
    }
}
