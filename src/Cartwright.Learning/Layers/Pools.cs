using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>The largest number of every window of a picture: [batch, channels, height, width].</summary>
/// <param name="kernel">Size of a window.</param>
/// <param name="stride">Places from one window to the next; null for the size of a window.</param>
/// <param name="padding">Places around the picture where nothing is, at most half a window.</param>
public sealed class MaxPool2d(Extent kernel, Extent? stride = null, Margins padding = default) : Module
{
    private readonly Extent _kernel = PoolWindows.Checked(nameof(MaxPool2d), kernel, stride ?? kernel, padding);

    protected internal override IEnumerable<Part> Parts => [];

    public Tensor Forward(Tensor x) => OperationWatch.Tell(this, x.MaxPool2d(_kernel, stride, padding));
}

/// <summary>The mean of every window of a picture, padding counted as zeros.</summary>
/// <inheritdoc cref="MaxPool2d" path="/param"/>
public sealed class AveragePool2d(Extent kernel, Extent? stride = null, Margins padding = default) : Module
{
    private readonly Extent _kernel = PoolWindows.Checked(nameof(AveragePool2d), kernel, stride ?? kernel, padding);

    protected internal override IEnumerable<Part> Parts => [];

    public Tensor Forward(Tensor x) => OperationWatch.Tell(this, x.AveragePool2d(_kernel, stride, padding));
}

/// <summary>The largest number of every window of a sequence: [batch, channels, length].</summary>
/// <param name="kernel">Places in a window.</param>
/// <param name="stride">Places from one window to the next; 0 for the length of a window.</param>
/// <param name="padding">Places at both ends where nothing is, at most half a window.</param>
public sealed class MaxPool1d(int kernel, int stride = 0, int padding = 0) : Module
{
    private readonly int _kernel = PoolWindows.Checked(nameof(MaxPool1d), kernel, stride == 0 ? kernel : stride, padding).Width;

    protected internal override IEnumerable<Part> Parts => [];

    public Tensor Forward(Tensor x) => OperationWatch.Tell(this, x.MaxPool1d(_kernel, stride, padding));
}

/// <summary>The mean of every window of a sequence, padding counted as zeros.</summary>
/// <inheritdoc cref="MaxPool1d" path="/param"/>
public sealed class AveragePool1d(int kernel, int stride = 0, int padding = 0) : Module
{
    private readonly int _kernel = PoolWindows.Checked(nameof(AveragePool1d), kernel, stride == 0 ? kernel : stride, padding).Width;

    protected internal override IEnumerable<Part> Parts => [];

    public Tensor Forward(Tensor x) => OperationWatch.Tell(this, x.AveragePool1d(_kernel, stride, padding));
}

/// <summary>The largest number of as many windows as asked for, which together cover a picture of any size.</summary>
/// <param name="size">Windows down and across; 1 makes one number of each channel.</param>
public sealed class AdaptiveMaxPool2d(Extent size) : Module
{
    private readonly Extent _size = PoolWindows.Checked(nameof(AdaptiveMaxPool2d), size, size, default);

    protected internal override IEnumerable<Part> Parts => [];

    public Tensor Forward(Tensor x) => OperationWatch.Tell(this, x.AdaptiveMaxPool2d(_size));
}

/// <summary>The mean of as many windows as asked for, which together cover a picture of any size.</summary>
/// <param name="size">Windows down and across; 1 is the global mean of each channel. Lin, Chen and Yan, "Network in Network", 2014.</param>
public sealed class AdaptiveAveragePool2d(Extent size) : Module
{
    private readonly Extent _size = PoolWindows.Checked(nameof(AdaptiveAveragePool2d), size, size, default);

    protected internal override IEnumerable<Part> Parts => [];

    public Tensor Forward(Tensor x) => OperationWatch.Tell(this, x.AdaptiveAveragePool2d(_size));
}

/// <summary>The largest number of as many windows as asked for, which together cover a sequence of any length: [batch, channels, length].</summary>
/// <param name="size">Windows; 1 is the largest number of each channel.</param>
public sealed class AdaptiveMaxPool1d(int size) : Module
{
    private readonly int _size = Ranges.Size(size, nameof(AdaptiveMaxPool1d));

    protected internal override IEnumerable<Part> Parts => [];

    /// <returns>[batch, channels, size]</returns>
    public Tensor Forward(Tensor x) => OperationWatch.Tell(this, x.AdaptiveMaxPool1d(_size));
}

/// <summary>The mean of as many windows as asked for, which together cover a sequence of any length: [batch, channels, length].</summary>
/// <param name="size">Windows; 1 is the mean of each channel.</param>
public sealed class AdaptiveAveragePool1d(int size) : Module
{
    private readonly int _size = Ranges.Size(size, nameof(AdaptiveAveragePool1d));

    protected internal override IEnumerable<Part> Parts => [];

    /// <returns>[batch, channels, size]</returns>
    public Tensor Forward(Tensor x) => OperationWatch.Tell(this, x.AdaptiveAveragePool1d(_size));
}
