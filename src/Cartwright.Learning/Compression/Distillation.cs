using Cartwright.Learning.Autograd;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Compression;

/// <summary>A small model learns from what a large one says, not from the right answers alone.</summary>
/// <remarks>
/// weight · T² · cross-entropy of softmax(teacher / T) and softmax(student / T), plus (1 − weight) · cross-entropy of the right classes.
/// T² keeps the gradient's size when T changes. Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015.
/// </remarks>
public static class Distillation
{
    /// <param name="student">Logits that learn: [rows, classes].</param>
    /// <param name="teacher">Logits to learn from, of the same shape; no gradient flows to them.</param>
    /// <param name="classes">The right class of each row.</param>
    /// <param name="temperature">More than 0; larger tells more of the classes that are not the first.</param>
    /// <param name="weight">Share of the loss that is the teacher's, from 0 to 1.</param>
    /// <returns>A scalar, the mean over the rows; 0 of none.</returns>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Loss(Tensor student, Tensor teacher, int[] classes, float temperature = 2, float weight = 0.7f)
    {
        if (!(temperature > 0) || !(weight is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), (temperature, weight), "The temperature is above 0, and the teacher's weight from 0 to 1.");
        }

        ShapeException.ThrowUnlessEqual(teacher.Length, student.Length);
        Tensor probabilities = Tensor.From(teacher.Values, teacher.Dimensions).Scale(1 / temperature).Softmax();
        float scale = student.Rows == 0 ? 0 : -weight * temperature * temperature / student.Rows;
        Tensor soft = (student.Scale(1 / temperature).LogSoftmax() * probabilities).Sum() * scale;
        return soft + (CrossEntropy.Loss(student, classes) * (1 - weight));
    }
}
