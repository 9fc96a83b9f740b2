using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary><see cref="ConvWeights"/> for the first layer of a network, whose few channels leave most of a tile of 48 columns empty.</summary>
/// <remarks>
/// Each weight is a dot product along the places of a picture. Four channels of the output by three taps are twelve of them,
/// whose sums stay vectors to the end. Gradients lie as far apart as lines of the input's copy, zeros between them, so that
/// a picture is one run. Pieces of work are ranges of chunks, at most 8, whose sums are added in their order.
/// </remarks>
internal static unsafe class FewChannelWeights
{
    private const int MostPieces = 8;
    private const int MostChannels = 4;
    private const int OutputsAtOnce = 4;
    private const int TapsAtOnce = 3;

    private static int Lanes => WideLanes.AreSupported ? WideLanes.Count : UsualLanes.Count;

    public static bool Suits(in ConvShape shape) =>
        Vector.IsHardwareAccelerated && shape.Groups == 1 && shape.InChannels <= MostChannels
        && shape.Vertical.Stride == 1 && shape.Horizontal.Stride == 1 && shape.Horizontal.Kernel % TapsAtOnce == 0;

    /// <summary>What <see cref="ConvWeights.Backward"/> comes to, which has checked the sizes.</summary>
    public static void Backward(in ConvShape shape, float* x, float* gradY, float* mask, float* gradWeights, float* gradBias)
    {
        var vertical = ConvAxis.Forward(shape.Vertical);
        var horizontal = ConvAxis.Forward(shape.Horizontal);
        var planes = new PaddedPlanes(
            x, null, shape.Batch, shape.InChannels, shape.Vertical.In, shape.Horizontal.In, (nint)shape.InChannels * shape.InSize, vertical, horizontal);
        var taps = new TapOffsets(planes, vertical, horizontal, shape.Horizontal.Kernel);
        int pieces = Math.Min(MostPieces, planes.ChunkCount);
        int outputs = (shape.OutChannels + OutputsAtOnce - 1) / OutputsAtOnce * OutputsAtOnce;
        int weightsPerOutput = shape.InChannels * shape.KernelSize;
        int sumsPerPiece = (outputs * weightsPerOutput * Lanes) + outputs;
        float* sums = Scratch.Take(Scratch.Use.Products, (nint)pieces * sumsPerPiece);
        fixed (int* offsets = taps.Offsets)
        {
            ParallelWork.For(pieces, new Piece(shape, planes, offsets, gradY, mask, outputs, pieces, sums, sumsPerPiece));
        }

        for (int piece = 1; piece < pieces; piece++)
        {
            Reduce.Add(sums + ((nint)piece * sumsPerPiece), sums, sumsPerPiece);
        }

        for (int i = 0; i < shape.OutChannels * weightsPerOutput; i++)
        {
            gradWeights[i] += Reduce.Sum(sums + ((nint)i * Lanes), Lanes);
        }

        if (gradBias != null)
        {
            Reduce.Add(sums + sumsPerPiece - outputs, gradBias, shape.OutChannels);
        }
    }

    private readonly struct Piece(
        ConvShape shape, PaddedPlanes planes, int* offsets, float* gradY, float* mask, int outputs, int pieces, float* sums, int sumsPerPiece) : IWorkItem
    {
        public void Run(int index)
        {
            float* mine = sums + ((nint)index * sumsPerPiece);
            Zeros.Write(new Span<float>(mine, sumsPerPiece));
            float* copy = Scratch.Take(Scratch.Use.ConvPlanes, planes.MostNumbers);
            int end = (int)((long)planes.ChunkCount * (index + 1) / pieces);
            for (int i = (int)((long)planes.ChunkCount * index / pieces); i < end; i++)
            {
                PlaneChunk chunk = planes.Chunk(i);
                planes.Copy(chunk, copy);
                nint pictureSize = (nint)planes.Channels * planes.PlaneSize(chunk.Rows);
                new Span<float>(copy + (chunk.Pictures * pictureSize), PaddedPlanes.Slack).Clear();
                for (int picture = 0; picture < chunk.Pictures; picture++)
                {
                    Add(chunk, picture, copy + (picture * pictureSize), mine);
                }
            }
        }

        private void Add(in PlaneChunk chunk, int picture, float* from, float* mine)
        {
            int run = ((chunk.Rows * planes.Pitch) + Lanes - 1) / Lanes * Lanes;
            float* gradients = Scratch.Take(Scratch.Use.ConvGradients, (nint)outputs * run);
            CopyGradients(chunk, picture, run, gradients);
            for (int output = 0; output < outputs; output++)
            {
                mine[sumsPerPiece - outputs + output] += Reduce.Sum(gradients + ((nint)output * run), run);
            }

            int weightsPerOutput = shape.InChannels * shape.KernelSize;
            for (int output = 0; output < outputs; output += OutputsAtOnce)
            {
                for (int weight = 0; weight < weightsPerOutput; weight += TapsAtOnce)
                {
                    (int channel, int tap) = Math.DivRem(weight, shape.KernelSize);
                    float* plane = from + ((nint)channel * planes.PlaneSize(chunk.Rows));
                    float* to = mine + ((((nint)output * weightsPerOutput) + weight) * Lanes);
                    if (WideLanes.AreSupported)
                    {
                        AddDots<WideLanes>(gradients + ((nint)output * run), run, plane, offsets + tap, to, (nint)weightsPerOutput * Lanes);
                    }
                    else
                    {
                        AddDots<UsualLanes>(gradients + ((nint)output * run), run, plane, offsets + tap, to, (nint)weightsPerOutput * Lanes);
                    }
                }
            }
        }

        private void CopyGradients(in PlaneChunk chunk, int picture, int run, float* to)
        {
            int width = planes.GridWidth;
            Zeros.Write(new Span<float>(to, outputs * run));
            for (int output = 0; output < shape.OutChannels; output++, to += run)
            {
                nint at = (((((nint)chunk.Picture + picture) * shape.OutChannels) + output) * shape.OutSize) + ((nint)chunk.Row * width);
                for (int row = 0; row < chunk.Rows; row++, at += width)
                {
                    if (mask == null)
                    {
                        MaskedCopy.Copy(gradY + at, to + (row * planes.Pitch), width);
                    }
                    else
                    {
                        MaskedCopy.Copy(gradY + at, mask + at, to + (row * planes.Pitch), width);
                    }
                }
            }
        }

        // sums[i, j, ·] += gradients[i, ·] * x[· + taps[j]] for four outputs i and three taps j.
        private static void AddDots<TLanes>(float* gradients, int run, float* x, int* taps, float* sums, nint outputStride)
            where TLanes : struct, ILanes<TLanes>
        {
            float* g1 = gradients + run;
            float* g2 = g1 + run;
            float* g3 = g2 + run;
            float* x0 = x + taps[0];
            float* x1 = x + taps[1];
            float* x2 = x + taps[2];
            TLanes s00, s01, s02, s10, s11, s12, s20, s21, s22, s30, s31, s32;
            s00 = s01 = s02 = s10 = s11 = s12 = s20 = s21 = s22 = s30 = s31 = s32 = TLanes.Repeat(0);
            for (int i = 0; i < run; i += TLanes.Count)
            {
                (TLanes left, TLanes middle, TLanes right) = (TLanes.Load(x0 + i), TLanes.Load(x1 + i), TLanes.Load(x2 + i));
                var gradient = TLanes.Load(gradients + i);
                s00 = TLanes.MultiplyAdd(gradient, left, s00);
                s01 = TLanes.MultiplyAdd(gradient, middle, s01);
                s02 = TLanes.MultiplyAdd(gradient, right, s02);
                gradient = TLanes.Load(g1 + i);
                s10 = TLanes.MultiplyAdd(gradient, left, s10);
                s11 = TLanes.MultiplyAdd(gradient, middle, s11);
                s12 = TLanes.MultiplyAdd(gradient, right, s12);
                gradient = TLanes.Load(g2 + i);
                s20 = TLanes.MultiplyAdd(gradient, left, s20);
                s21 = TLanes.MultiplyAdd(gradient, middle, s21);
                s22 = TLanes.MultiplyAdd(gradient, right, s22);
                gradient = TLanes.Load(g3 + i);
                s30 = TLanes.MultiplyAdd(gradient, left, s30);
                s31 = TLanes.MultiplyAdd(gradient, middle, s31);
                s32 = TLanes.MultiplyAdd(gradient, right, s32);
            }

            Add(s00, s01, s02, sums);
            Add(s10, s11, s12, sums + outputStride);
            Add(s20, s21, s22, sums + (2 * outputStride));
            Add(s30, s31, s32, sums + (3 * outputStride));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add<TLanes>(TLanes x, TLanes y, TLanes z, float* to)
            where TLanes : struct, ILanes<TLanes>
        {
            (TLanes.Load(to) + x).Store(to);
            (TLanes.Load(to + TLanes.Count) + y).Store(to + TLanes.Count);
            (TLanes.Load(to + (2 * TLanes.Count)) + z).Store(to + (2 * TLanes.Count));
        }
    }
}
