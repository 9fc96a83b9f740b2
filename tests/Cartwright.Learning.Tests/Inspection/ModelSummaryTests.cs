using Cartwright.Learning.Autograd;
using Cartwright.Learning.Compression;
using Cartwright.Learning.Inspection;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Tests.Training;

namespace Cartwright.Learning.Tests.Inspection;

public sealed class ModelSummaryTests
{
    [Fact]
    public void A_model_is_a_table_of_layers_shapes_parameters_and_multiply_adds()
    {
        SmallClassifier model = new(64, new Random(1));

        ModelSummary summary = ModelSummary.Of(model, () => model.Forward(Tensor.Zeros(2, 12)));

        Assert.Equal(
            """
            Layer             Output shape  Parameters  Multiply-adds
            ---------------------------------------------------------
            SmallClassifier                                          
              first (Dense)   [2, 64]              832          1,536
              second (Dense)  [2, 64]            4,160          8,192
              output (Dense)  [2, 4]               260            512
            ---------------------------------------------------------
            Sum                                  5,252         10,240

            """.ReplaceLineEndings("\n"),
            summary.ToString());
        Assert.Equal(model.ParameterCount, summary.Parameters);
    }

    [Fact]
    public void Attention_belongs_to_the_layer_whose_projections_it_takes()
    {
        const int Hidden = 8, Inner = 32;
        TransformerBlock block = new(Hidden, 2, Inner, 0.1f, new Random(1));
        Tensor x = Tensor.Zeros(7, Hidden);

        ModelSummary summary = ModelSummary.Of(block, () => block.Forward(x, [0, 3, 7], causal: true));

        Dictionary<string, ModelSummaryRow> rows = summary.Rows.ToDictionary(row => row.Name);
        Assert.Equal(2 * Hidden * (6 + 10), rows["attention"].MultiplyAdds);
        Assert.Equal(7 * Hidden * Hidden, rows["attention.query"].MultiplyAdds);
        Assert.Equal(7 * Hidden * Inner, rows["outer"].MultiplyAdds);
        Assert.Equal([7, Inner], rows["inner"].OutputShape!);
        Assert.Equal([7, Hidden], rows["inner_norm"].OutputShape!);
        Assert.Null(rows["dropout"].OutputShape);
        Assert.Equal(block.ParameterCount, summary.Parameters);
        Assert.Equal((4 * 7 * Hidden * Hidden) + (2 * 7 * Hidden * Inner) + (2 * Hidden * 16), summary.MultiplyAdds);
    }

    [Fact]
    public void Running_means_are_not_learned_pools_have_shapes_and_the_model_stays_as_it_is()
    {
        Pictures model = new(new Random(1)) { IsTraining = true };
        float[][] before = [.. model.State().Select(part => part.Value.ToArray())];

        ModelSummary summary = ModelSummary.Of(model, () => model.Forward(Tensor.From(Kernels.Samples.Normal(3, 2 * 3 * 64), 2, 3, 8, 8)));

        Dictionary<string, ModelSummaryRow> rows = summary.Rows.ToDictionary(row => row.Name);
        Assert.Equal((8, 8), (rows["norm"].Parameters, rows["norm"].Buffers));
        Assert.Equal([2, 4, 6, 6], rows["norm"].OutputShape!);
        Assert.Equal([2, 4, 3, 3], rows["pool"].OutputShape!);
        Assert.Equal([2, 4, 3, 3], rows["dropout"].OutputShape!);
        Assert.Equal([2, 5], rows["output"].OutputShape!);
        Assert.Equal((180, 0), (rows["output"].Parameters, rows["shared"].Parameters));
        Assert.EndsWith("not learned: 49\n", summary.ToString(), StringComparison.Ordinal);   // with the vectors of the spectral norm
        Assert.Equal(model.ParameterCount, summary.Parameters);
        Assert.True(model.Norm.IsTraining);
        Assert.Equal(before, model.State().Select(part => part.Value.ToArray()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_compressed_model_has_the_rows_of_the_one_it_was(bool isInt8)
    {
        SmallClassifier model = new(64, new Random(1));
        ModelSummary before = ModelSummary.Of(model, () => model.Forward(Tensor.Zeros(2, 12)));

        (isInt8 ? (Action<Module>)Quantization.Dynamic : Quantization.BFloat16)(model);

        Assert.Equal(before.ToString(), ModelSummary.Of(model, () => model.Forward(Tensor.Zeros(2, 12))).ToString());
    }

    private sealed class Pictures(Random random) : Module
    {
        private readonly Conv2d _conv = new(3, 4, 3, random);
        private readonly MaxPool2d _pool = new(2);
        private readonly Dropout _dropout = new(0.5f);
        private readonly Dense _output = new(36, 5, random, hasBias: false, hasSpectralNorm: true);

        public BatchNorm Norm { get; } = new(4);

        protected internal override IEnumerable<Part> Parts =>
            [new("conv", _conv), new("norm", Norm), new("pool", _pool), new("dropout", _dropout), new("output", _output), new("shared", _output)];

        public Tensor Forward(Tensor x) => _output.Forward(_dropout.Forward(_pool.Forward(Norm.Forward(_conv.Forward(x)))).Reshape(x.Shape[0], -1));
    }

    [Fact]
    public void Convolutions_count_every_place_of_their_kernel()
    {
        Conv2d plain = new(3, 8, 5, new Random(1), new ConvOptions { Padding = 2 });
        ConvTranspose2d back = new(8, 4, 2, new Random(1), new ConvOptions { Stride = 2 });
        Conv2d depthwise = new(8, 8, 3, new Random(1), new ConvOptions { Groups = 8 });

        Assert.Equal(2L * 8 * 100 * 3 * 25, ModelSummary.Of(plain, () => plain.Forward(Tensor.Zeros(2, 3, 10, 10))).MultiplyAdds);
        Assert.Equal(2L * 8 * 100 * 4 * 4, ModelSummary.Of(back, () => back.Forward(Tensor.Zeros(2, 8, 10, 10))).MultiplyAdds);
        Assert.Equal(2L * 8 * 64 * 9, ModelSummary.Of(depthwise, () => depthwise.Forward(Tensor.Zeros(2, 8, 10, 10))).MultiplyAdds);
    }
}
