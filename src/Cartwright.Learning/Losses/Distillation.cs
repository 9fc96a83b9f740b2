using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>How far a small model's softmax is from a large one's, both softened, so that the small one learns what is similar to what.</summary>
/// <remarks>
/// Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015. The square of the temperature keeps the gradient's size,
/// so that a cross-entropy with the true classes can be added with a fixed share.
/// </remarks>
public static class Distillation
{
    /// <summary>The mean over the rows of temperature² Σ q (ln q − ln p), p the student's softmax and q the teacher's.</summary>
    /// <param name="student">Logits: [rows, classes].</param>
    /// <param name="teacher">Logits: [rows, classes]; no gradient flows to them.</param>
    /// <param name="temperature">Divides the logits, more than 0; larger looks at the small probabilities too.</param>
    /// <returns>A scalar; 0 where there are no rows.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static Tensor Loss(Tensor student, Tensor teacher, float temperature = 2)
    {
        Ranges.ThrowUnlessPositive(temperature);
        ShapeException.Require(
            teacher.Length == student.Length && teacher.Columns == student.Columns,
            $"Distillation needs the teacher's logits for the same rows and classes; found student {student} and teacher {teacher}.");
        Tensor gradient = Tensor.Uninitialized(student.Dimensions);
        int rows = Math.Max(1, student.Rows);
        double sum = DistillationKernel.Invoke(
            student.Values, teacher.Values, temperature, 1f / rows, gradient.Output, student.Rows, student.Columns);
        return FusedLoss.Result(sum / rows, (student, gradient));
    }

    /// <summary>The teacher's part and the right answers' together: weight · <see cref="Loss(Tensor, Tensor, float)"/> + (1 − weight) · cross-entropy.</summary>
    /// <param name="student">Logits: [rows, classes].</param>
    /// <param name="teacher">Logits: [rows, classes]; no gradient flows to them.</param>
    /// <param name="classes">The right class of each row.</param>
    /// <param name="temperature">Divides the logits, more than 0; larger looks at the small probabilities too.</param>
    /// <param name="weight">Share of the loss that is the teacher's, from 0 to 1.</param>
    /// <returns>A scalar; 0 where there are no rows.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static Tensor Loss(Tensor student, Tensor teacher, int[] classes, float temperature = 2, float weight = 0.7f)
    {
        Ranges.ThrowUnlessShare(weight);

        return (Loss(student, teacher, temperature) * weight) + (CrossEntropy.Loss(student, classes) * (1 - weight));
    }
}
