using Cartwright.Learning.Autograd;
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
