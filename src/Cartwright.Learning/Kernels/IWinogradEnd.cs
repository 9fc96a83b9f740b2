using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>What becomes of the sums that <see cref="WinogradTransforms.Output{T, TEnd}"/> has for the places of a tile.</summary>
internal interface IWinogradEnd<T>
{
    /// <param name="channel">The first of the sums' output channels.</param>
    Vector<float> Of(Vector<T> sum, int channel);
}
