using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Drops a share of the numbers while training; passes everything on while answering.</summary>
/// <param name="rate">Share that is dropped, from 0 to below 1.</param>
public sealed class Dropout(float rate) : Module
{
    private readonly float _rate = Ranges.Share(rate, nameof(Dropout));

    protected internal override IEnumerable<Part> Parts => [];

    /// <summary>True where it drops something now.</summary>
    internal bool IsActive => IsTraining && _rate > 0;

    public Tensor Forward(Tensor x) => OperationWatch.Tell(this, IsActive ? x.Dropout(_rate) : x);
}
