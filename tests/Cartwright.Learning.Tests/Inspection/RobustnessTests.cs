using Cartwright.Learning.Autograd;
using Cartwright.Learning.Inspection;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Tests.Training;

namespace Cartwright.Learning.Tests.Inspection;

public sealed class RobustnessTests
{
    [Fact]
    public void An_attack_is_worse_than_noise_of_its_strength_and_more_strength_is_worse()
    {
        SmallClassifier model = SmallClassifier.Trained(epochs: 6);
        (float[] x, int[] classes) = SmallClassifier.Examples(5, 600);

        Robustness robustness = Robustness.Measure(
            model.Forward, Tensor.From(x, 600, SmallClassifier.InputSize), classes, [0, 0.05f, 0.2f], -1, 1, new Random(1));

        Assert.True(robustness.Accuracy > 0.85, robustness.ToString());
        Assert.Equal((robustness.Accuracy, robustness.Accuracy), (robustness.Points[0].NoiseAccuracy, robustness.Points[0].AdversarialAccuracy));
        Assert.True(robustness.Points[1].AdversarialAccuracy < robustness.Points[1].NoiseAccuracy - 0.02, robustness.ToString());
        Assert.True(robustness.Points[2].AdversarialAccuracy < robustness.Points[1].AdversarialAccuracy - 0.1, robustness.ToString());
    }

    [Fact]
    public void The_step_is_taken_against_the_right_class_and_kept_in_range()
    {
        // Logits x and -x: the right class 0 holds for x > 0, so the attacker lowers x.
        Tensor seen = Tensor.From([0.1f, 0.4f, 0.9f], 3, 1);

        Robustness robustness = Robustness.Measure(
            x => x.MatMul(Tensor.From([1, -1], 1, 2)), seen, [0, 0, 0], [0.2f, 0.5f, 5], 0.01f, 1, new Random(1));

        Assert.Equal(1, robustness.Accuracy);
        Assert.Equal([1, 1, 1], robustness.Points.Select(point => point.AdversarialAccuracy));

        robustness = Robustness.Measure(
            x => x.MatMul(Tensor.From([1, -1], 1, 2)), seen, [0, 0, 0], [0.2f, 0.5f, 5], -1, 1, new Random(1));

        Assert.Equal([2 / 3.0, 1 / 3.0, 0], robustness.Points.Select(point => point.AdversarialAccuracy));
    }
}
