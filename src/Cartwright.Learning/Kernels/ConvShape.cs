namespace Cartwright.Learning.Kernels;

/// <summary>Sizes of a convolution: input [batch, inChannels, in height, in width], output likewise.</summary>
/// <param name="InChannels">A multiple of <paramref name="Groups"/>, as is <paramref name="OutChannels"/>.</param>
internal readonly record struct ConvShape(
    int Batch, int InChannels, int OutChannels, int Groups, ConvAxisSizes Vertical, ConvAxisSizes Horizontal)
{
    public int InSize => Vertical.In * Horizontal.In;

    public int OutSize => Vertical.Out * Horizontal.Out;

    public int KernelSize => Vertical.Kernel * Horizontal.Kernel;

    public int InChannelsPerGroup => InChannels / Groups;

    public int OutChannelsPerGroup => OutChannels / Groups;

    /// <summary>Every channel sees itself alone.</summary>
    public bool IsDepthwise => Groups == InChannels && Groups == OutChannels && Groups > 1;

    /// <summary>Of the convolution, or of its way back.</summary>
    public long MultiplyAdds => (long)Batch * OutSize * OutChannels * InChannelsPerGroup * KernelSize;

    public void ThrowUnlessFit(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> y)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)Batch * InChannels * InSize);
        ShapeException.ThrowUnlessLength(weights.Length, (long)OutChannels * InChannelsPerGroup * KernelSize);
        ShapeException.ThrowUnlessLength(y.Length, (long)Batch * OutChannels * OutSize);
    }
}
