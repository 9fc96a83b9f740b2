using Cartwright.Learning.Autograd;
using Cartwright.Learning.Compression;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Tests.Training;

namespace Cartwright.Learning.Tests.Compression;

public sealed class CompressionTests
{
    private static readonly Tensor Batch = Tensor.Buffer(SmallClassifier.Examples(7, 100).X, 100, SmallClassifier.InputSize);

    [Fact]
    public void Int8_found_as_it_comes_makes_a_model_smaller_at_hardly_any_loss() =>
        AssertGood(Report("int8, dynamic", Quantization.Dynamic), atLeastSmaller: 2.5, mostLoss: 0.01);

    [Fact]
    public void Int8_with_calibration_makes_a_model_smaller_at_hardly_any_loss() =>
        AssertGood(Report("int8, static", model => Quantization.Static(model, () => model.Forward(Batch))), atLeastSmaller: 2.5, mostLoss: 0.01);

    [Fact]
    public void BFloat16_halves_a_model_at_hardly_any_loss() =>
        AssertGood(Report("bfloat16", Quantization.BFloat16), atLeastSmaller: 1.9, mostLoss: 0.005);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Convolutions_go_to_8_bits_too_but_for_those_in_groups(bool isStatic)
    {
        Pictures model = new(new Random(1));
        Tensor x = Tensor.From(Kernels.Samples.Normal(1, 4 * 3 * 12 * 12), 4, 3, 12, 12);
        float[] expected = model.Forward(x).ToArray();

        if (isStatic)
        {
            Quantization.Static(model, () => model.Forward(x));
        }
        else
        {
            Quantization.Dynamic(model);
        }

        float[] actual = model.Forward(x).ToArray();
        double error = Math.Sqrt(expected.Zip(actual, (e, a) => (double)(e - a) * (e - a)).Sum() / expected.Sum(e => (double)e * e));
        Assert.InRange(error, 1e-6, 0.03);
        Assert.Equal(["first.bias", "depthwise.weight", "depthwise.bias", "second.bias", "output.bias"], model.Parameters().Select(p => p.Key));
    }

    [Fact]
    public void Magnitude_pruning_holds_its_zeros_while_the_rest_is_trained_on()
    {
        CompressionReport report = Report("magnitude", model =>
        {
            MagnitudePruning pruning = MagnitudePruning.Prune(model, 0.6);
            model.Train(2, afterStep: pruning.Hold);
        });

        Assert.InRange(report.After.ZeroShare, 0.57, 0.6);             // of all weights; biases stay
        Assert.True(report.QualityLoss < 0.02, report.ToString());
    }

    [Fact]
    public void Magnitude_pruning_takes_the_smallest_of_all_matrices_together()
    {
        SmallClassifier model = new(8, new Random(1));
        float bound = model.Parameters().Where(p => p.Value.Rank > 1).SelectMany(p => p.Value.ToArray()).Select(MathF.Abs).Order().ElementAt(96);
        float[] before = model.Second.Weight.ToArray();

        MagnitudePruning.Prune(model, 0.5);                            // 192 weights in all

        Assert.Equal(before.Select(w => MathF.Abs(w) < bound ? 0 : w), model.Second.Weight.ToArray());
    }

    [Fact]
    public void Taking_neurons_out_makes_the_matrices_smaller_and_training_on_makes_up_for_it()
    {
        CompressionReport report = Report("neurons", model =>
        {
            NeuronPruning.Prune(model.First, model.Second, 32);
            NeuronPruning.Prune(model.Second, model.Output, 32);
            model.Train(3);
        });

        AssertGood(report, atLeastSmaller: 3, mostLoss: 0.03);
    }

    [Fact]
    public void Neurons_that_say_nothing_go_first_and_a_model_without_them_gives_the_same()
    {
        SmallClassifier model = new(6, new Random(1));
        foreach (int dead in (int[])[1, 4])
        {
            model.First.Weight.Output.Slice(dead * SmallClassifier.InputSize, SmallClassifier.InputSize).Clear();
        }

        float[] expected = model.Forward(Batch).ToArray();

        int[] kept = NeuronPruning.Prune(model.First, model.Second, 4);

        Assert.Equal([0, 2, 3, 5], kept);
        Assert.Equal([4, SmallClassifier.InputSize], model.First.Weight.Shape);
        Assert.Equal([6, 4], model.Second.Weight.Shape);
        Assert.All(expected.Zip(model.Forward(Batch).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void A_small_student_gains_from_a_teacher()
    {
        SmallClassifier teacher = SmallClassifier.Trained(epochs: 20);
        SmallClassifier alone = new(10, new Random(3));
        SmallClassifier taught = new(10, new Random(3));

        // The class of 250 examples is known; the teacher has something to say of the others too. Both take the same steps.
        alone.Train(120, exampleCount: 250);
        taught.Train(15, (logits, x, classes) => Distillation.Loss(logits, teacher.Forward(x), classes, temperature: 2, weight: 1));

        Assert.True(taught.Accuracy() > alone.Accuracy() + 0.02, $"alone {alone.Accuracy()}, taught {taught.Accuracy()}, teacher {teacher.Accuracy()}");
    }

    [Fact]
    public void A_student_that_says_the_same_as_its_teacher_has_no_gradient()
    {
        float[] logits = Kernels.Samples.Normal(1, 12);
        Tensor student = Tensor.Parameter([.. logits], 3, 4);

        Distillation.Loss(student, Tensor.From(logits, 3, 4), [0, 1, 2], temperature: 4, weight: 1).Backward();

        Assert.All(student.Gradient.ToArray(), gradient => Assert.Equal(0, gradient, 1e-6f));
    }

    [Fact]
    public void The_gradient_of_distillation_is_that_of_differences()
    {
        Tensor student = Tensor.Parameter(Kernels.Samples.Normal(1, 12), 3, 4);
        Tensor teacher = Tensor.From(Kernels.Samples.Normal(2, 12), 3, 4);

        NumericalGradient.Assert(() => Distillation.Loss(student, teacher, [3, 0, 1]), [new("student", student)]);
    }

    [Fact]
    public void A_compressed_layer_answers_and_says_that_it_can_not_learn()
    {
        SmallClassifier model = new(8, new Random(1));
        Quantization.Dynamic(model);

        Assert.Throws<InvalidOperationException>(() => model.First.Weight);
        Assert.Equal(["first.bias", "second.bias", "output.bias"], model.Parameters().Select(p => p.Key));
        Tensor y = model.Forward(Tensor.Parameter(Batch.ToArray(), 100, SmallClassifier.InputSize));
        Assert.Throws<InvalidOperationException>(() => y.Sum().Backward());
    }

    [Fact]
    public void Calibration_that_misses_a_layer_is_refused()
    {
        SmallClassifier model = new(8, new Random(1));

        Assert.Contains("'second'", Assert.Throws<InvalidOperationException>(() => Quantization.Static(model, () => model.First.Forward(Batch))).Message);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Calibration_with_numbers_that_are_not_finite_is_refused_and_changes_nothing(float number)
    {
        SmallClassifier model = new(8, new Random(1));
        float[] values = Batch.ToArray();
        values[3] = number;
        Tensor x = Tensor.From(values, 100, SmallClassifier.InputSize);

        var e = Assert.Throws<InvalidOperationException>(() => Quantization.Static(model, () => model.Forward(x)));

        Assert.Contains("'first' saw", e.Message);
        Assert.True(model.Forward(Batch).Length > 0);
        Assert.Equal(6, model.Parameters().Count());
    }

    [Fact]
    public void A_model_without_a_layer_to_compress_is_refused()
    {
        LayerNorm model = new(4);

        Assert.Throws<InvalidOperationException>(() => Quantization.Dynamic(model));
        Assert.Throws<InvalidOperationException>(() => Quantization.BFloat16(model));
    }

    [Theory]
    [InlineData("dynamic", 0.27)]
    [InlineData("static", 0.27)]
    [InlineData("bfloat16", 0.52)]
    public void A_compressed_model_is_saved_whole_and_answers_with_the_same_bits_from_a_smaller_file(string method, double mostOfTheSize)
    {
        Pictures model = new(new Random(1)), loaded = new(new Random(2));
        Tensor x = Tensor.From(Kernels.Samples.Normal(1, 4 * 3 * 12 * 12), 4, 3, 12, 12);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cartwright-compressed-");
        try
        {
            (string whole, string small) = (Path.Combine(folder.FullName, "whole"), Path.Combine(folder.FullName, "small"));
            Safetensors.Write(whole, OfDense(model));
            Compress(method, model, x);
            Safetensors.Write(small, OfDense(model));
            Safetensors.Write(Path.Combine(folder.FullName, "all"), model.State().ToDictionary(StringComparer.Ordinal));

            loaded.Load(Safetensors.Read(Path.Combine(folder.FullName, "all")).Tensors);

            double ratio = DataLength(small) / (double)DataLength(whole);
            Assert.True(ratio < mostOfTheSize, $"{ratio:P0} of the size");
            Assert.Equal(model.Forward(x).ToArray(), loaded.Forward(x).ToArray());
            Assert.Equal(model.State().Select(part => part.Key), loaded.State().Select(part => part.Key));
            if (method == "static")
            {
                Tensor louder = x * 5;                                 // beyond what was seen in calibration
                Assert.Equal(model.Forward(louder).ToArray(), loaded.Forward(louder).ToArray());
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        // The layers that are brought to fewer bits in every way.
        static Dictionary<string, Tensor> OfDense(Pictures model) =>
            model.State().Where(part => part.Key.StartsWith("output", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);

        static long DataLength(string file) => new FileInfo(file).Length - 8 - BitConverter.ToInt64(File.ReadAllBytes(file));
    }

    [Fact]
    public void Whole_numbers_stand_in_the_file_in_8_bits_under_names_that_say_so()
    {
        SmallClassifier model = new(8, new Random(1));
        float[] weights = model.Output.Weight.ToArray();
        Quantization.Dynamic(model);

        Dictionary<string, Tensor> state = model.State().ToDictionary(StringComparer.Ordinal);

        Assert.Equal(["output.bias", "output.input_scale", "output.weight_int8", "output.weight_scale"],
            state.Keys.Where(name => name.StartsWith("output", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal([4, 8], state["output.weight_int8"].Shape);
        float[] scales = state["output.weight_scale"].ToArray();
        Assert.All(weights.Zip(state["output.weight_int8"].ToArray().Select((whole, i) => whole * scales[i / 8])),
            pair => Assert.Equal(pair.First, pair.Second, scales.Max()));
    }

    [Fact]
    public void Weights_in_fewer_bits_that_do_not_belong_to_the_layer_are_refused_and_change_nothing()
    {
        SmallClassifier compressed = new(8, new Random(1));
        Quantization.Dynamic(compressed);
        Dictionary<string, Tensor> state = compressed.State().ToDictionary(StringComparer.Ordinal);
        SmallClassifier fresh = new(8, new Random(2));
        float[] before = fresh.First.Weight.ToArray();

        AssertRefused("second", new(state) { ["second.weight_int8"] = Tensor.Zeros(8, 9) });
        AssertRefused("0.5", new(state) { ["second.weight_int8"] = Tensor.From([.. Enumerable.Repeat(0.5f, 64)], 8, 8) });
        AssertRefused("weight_scale", new(state.Where(part => part.Key != "second.weight_scale")));
        AssertRefused("second.weight", new(state) { ["second.weight"] = Tensor.Zeros(8, 8) });

        Assert.Equal(before, fresh.First.Weight.ToArray());
        ShapeException e = Assert.Throws<ShapeException>(() => compressed.Load(fresh.State().ToDictionary(StringComparer.Ordinal)));
        Assert.Contains("made anew", e.Message, StringComparison.Ordinal);

        void AssertRefused(string word, Dictionary<string, Tensor> wrong) =>
            Assert.Contains(word, Assert.Throws<ShapeException>(() => fresh.Load(wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_model_is_not_exported_and_its_layer_is_named()
    {
        SmallClassifier model = new(8, new Random(1));
        Quantization.BFloat16(model);

        NotSupportedException e = Assert.Throws<NotSupportedException>(() => OnnxExport.Write("none.onnx", model, Batch, model.Forward));

        Assert.Contains("'first'", e.Message, StringComparison.Ordinal);
    }

    private static void Compress(string method, Pictures model, Tensor x)
    {
        switch (method)
        {
            case "dynamic":
                Quantization.Dynamic(model);
                break;
            case "static":
                Quantization.Static(model, () => model.Forward(x));
                break;
            default:
                Quantization.BFloat16(model);
                break;
        }
    }

    private static CompressionReport Report(string method, Action<SmallClassifier> compress)
    {
        SmallClassifier model = SmallClassifier.Trained();
        return CompressionReport.Measure(method, model, model.Accuracy, Answer, () => compress(model), TimeProvider.System);

        void Answer()
        {
            using var scope = TensorScope.Begin();
            using var noGradient = NoGradient.Begin();
            model.Forward(Batch);
        }
    }

    private static void AssertGood(CompressionReport report, double atLeastSmaller, double mostLoss)
    {
        Assert.True(report.Before.Quality > 0.85, report.ToString());
        Assert.True(report.SizeRatio > atLeastSmaller, report.ToString());
        Assert.True(report.QualityLoss < mostLoss, report.ToString());
        Assert.True(report.Speedup > 0, report.ToString());
    }

    private sealed class Pictures(Random random) : Module
    {
        private readonly Conv2d _first = new(3, 20, 3, random, new ConvOptions { Padding = 1 });
        private readonly Conv2d _depthwise = new(20, 20, 3, random, new ConvOptions { Groups = 20 });
        private readonly Conv2d _second = new(20, 8, 3, random, new ConvOptions { Stride = 2 });
        private readonly Dense _output = new(8 * 4 * 4, 5, random);

        protected internal override IEnumerable<Part> Parts =>
            [new("first", _first), new("depthwise", _depthwise), new("second", _second), new("output", _output)];

        public Tensor Forward(Tensor x)
        {
            Tensor seen = _second.Forward(_depthwise.Forward(_first.Forward(x, thenRelu: true)), thenRelu: true);
            return _output.Forward(seen.Reshape(x.Shape[0], -1));
        }
    }
}
