namespace Cartwright.Learning.Kernels;

/// <summary>Convolution over pictures, and the way back to its input. Both are <see cref="Correlation"/>s, unless <see cref="WinogradKernel"/> suits.</summary>
/// <remarks>As in all of deep learning the kernel isn't flipped: y[m, t] = bias[m] + Σ w[m, c, i] · x[c, stride · t + dilation · i − before].</remarks>
internal static unsafe class ConvKernel
{
    /// <param name="x">[batch, inChannels, height, width]</param>
    /// <param name="weights">[outChannels, inChannels / groups, kernel height, kernel width]</param>
    /// <param name="bias">[outChannels], or nothing.</param>
    /// <param name="y">[batch, outChannels, out height, out width]</param>
    /// <param name="rectifies">Writes max(0, y).</param>
    public static void Forward(
        in ConvShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y, bool rectifies)
    {
        shape.ThrowUnlessFit(x, weights, y);
        MultiplyAdds.Count(shape.MultiplyAdds);
        ThrowUnlessNoneOr(bias, shape.OutChannels);
        if (y.IsEmpty)
        {
            return;
        }

        if (WinogradKernel.Suits(shape))
        {
            WinogradKernel.Forward(shape, x, weights, bias, y, rectifies);
            return;
        }

        var vertical = ConvAxis.Forward(shape.Vertical);
        var horizontal = ConvAxis.Forward(shape.Horizontal);
        fixed (float* px = x, pw = weights, pb = bias, py = y)
        {
            for (int group = 0; group < shape.Groups; group++)
            {
                nint firstOut = (nint)group * shape.OutChannelsPerGroup;
                var planes = new PaddedPlanes(
                    px + ((nint)group * shape.InChannelsPerGroup * shape.InSize), null, shape.Batch, shape.InChannelsPerGroup,
                    shape.Vertical.In, shape.Horizontal.In, (nint)shape.InChannels * shape.InSize, vertical, horizontal);
                nint rowStride = (nint)shape.InChannelsPerGroup * shape.KernelSize;
                Correlate(
                    planes, vertical, horizontal, shape.Horizontal.Kernel,
                    pw + (firstOut * rowStride), rowStride, shape.KernelSize, shape.OutChannelsPerGroup,
                    pb == null ? null : pb + firstOut,
                    py + (firstOut * shape.OutSize), (nint)shape.OutChannels * shape.OutSize, shape.OutSize, shape.Horizontal.Out,
                    accumulates: false, rectifies);
            }
        }
    }

    /// <summary>The gradient of the input, which is also a transposed convolution.</summary>
    /// <param name="gradY">[batch, outChannels, out height, out width]</param>
    /// <param name="mask">Nothing, or as gradY: numbers count as 0 where it is not above 0.</param>
    /// <param name="bias">[inChannels], added to every number of the channel; or nothing.</param>
    /// <param name="gradX">[batch, inChannels, height, width]</param>
    /// <param name="accumulates">Adds to what gradX holds.</param>
    public static void BackwardInput(
        in ConvShape shape,
        ReadOnlySpan<float> gradY,
        ReadOnlySpan<float> mask,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> bias,
        Span<float> gradX,
        bool accumulates)
    {
        shape.ThrowUnlessFit(gradX, weights, gradY);
        ThrowUnlessNoneOr(mask, gradY.Length);
        ThrowUnlessNoneOr(bias, shape.InChannels);
        if (bias.IsEmpty && WinogradKernel.Suits(shape))
        {
            WinogradGradients.Backward(shape, gradX, gradY, mask, weights, [], [], gradX, accumulates);
            return;
        }

        MultiplyAdds.Count(shape.MultiplyAdds);
        if (gradX.IsEmpty)
        {
            return;
        }

        List<ConvAxis> verticals = ConvAxis.Backward(shape.Vertical);
        List<ConvAxis> horizontals = ConvAxis.Backward(shape.Horizontal);
        if (verticals.Sum(axis => axis.Count) < shape.Vertical.In || horizontals.Sum(axis => axis.Count) < shape.Horizontal.In)
        {
            // With a stride longer than the kernel some of the input is seen by nobody.
            if (!accumulates)
            {
                Fill(gradX, bias, shape.InSize);
            }

            bias = [];
            accumulates = true;
        }

        fixed (float* pg = gradY, pm = mask, pw = weights, pb = bias, px = gradX)
        {
            for (int group = 0; group < shape.Groups; group++)
            {
                nint firstIn = (nint)group * shape.InChannelsPerGroup;
                nint firstOut = (nint)group * shape.OutChannelsPerGroup;
                nint source = firstOut * shape.OutSize;
                nint rowOfWeights = (nint)shape.InChannelsPerGroup * shape.KernelSize;
                foreach (ConvAxis vertical in verticals)
                {
                    foreach (ConvAxis horizontal in horizontals)
                    {
                        var planes = new PaddedPlanes(
                            pg + source, pm == null ? null : pm + source, shape.Batch, shape.OutChannelsPerGroup,
                            shape.Vertical.Out, shape.Horizontal.Out, (nint)shape.OutChannels * shape.OutSize, vertical, horizontal);
                        Correlate(
                            planes, vertical, horizontal, shape.Horizontal.Kernel,
                            pw + (firstOut * rowOfWeights), shape.KernelSize, rowOfWeights, shape.InChannelsPerGroup,
                            pb == null ? null : pb + firstIn,
                            px + (firstIn * shape.InSize), (nint)shape.InChannels * shape.InSize, shape.InSize, shape.Horizontal.In,
                            accumulates, rectifies: false);
                    }
                }
            }
        }
    }

    private static void Correlate(
        in PaddedPlanes planes, ConvAxis vertical, ConvAxis horizontal, int kernelWidth,
        float* weights, nint rowStride, nint channelStride, int outChannels, float* bias,
        float* to, nint pictureStride, nint channelStrideOfOut, int outWidth, bool accumulates, bool rectifies)
    {
        var taps = new TapOffsets(planes, vertical, horizontal, kernelWidth);
        fixed (int* offsets = taps.Offsets)
        {
            var correlation = new Correlation
            {
                Planes = planes,
                Weights = Correlation.PackWeights(weights, rowStride, channelStride, outChannels, planes.Channels, taps.Places),
                Taps = offsets,
                TapCount = taps.Count,
                Bias = bias == null ? null : Correlation.PackBias(bias, outChannels),
                Out = to + ((nint)vertical.OutStart * outWidth) + horizontal.OutStart,
                OutChannels = outChannels,
                OutPictureStride = pictureStride,
                OutChannelStride = channelStrideOfOut,
                OutRowStride = vertical.OutStep * outWidth,
                OutColumnStride = horizontal.OutStep,
                Accumulates = accumulates,
                Rectifies = rectifies,
            };
            ParallelWork.For(planes.ChunkCount, correlation);
        }
    }

    private static void Fill(Span<float> pictures, ReadOnlySpan<float> bias, int size)
    {
        for (int i = 0; i < pictures.Length; i += size)
        {
            pictures.Slice(i, size).Fill(bias.IsEmpty ? 0 : bias[i / size % bias.Length]);
        }
    }

    private static void ThrowUnlessNoneOr(ReadOnlySpan<float> numbers, int count)
    {
        if (!numbers.IsEmpty)
        {
            ShapeException.ThrowUnlessLength(numbers.Length, count);
        }
    }
}
