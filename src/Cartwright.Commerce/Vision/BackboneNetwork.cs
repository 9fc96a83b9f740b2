using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>A network that others trained, with a last layer of our own: the way to learn from few pictures.</summary>
/// <remarks>Only the last layer is among its weights; the backbone is kept beside them as it came.</remarks>
internal sealed class BackboneNetwork(PictureNetworkOptions options, Backbone backbone, Random random) : PictureNetwork(options, backbone.ChannelCount, random)
{
    /// <summary>Its name among the models.</summary>
    public const string Name = "backbone";

    /// <summary>Side of the squares that it sees, as most networks for pictures were trained.</summary>
    public const int Size = 224;

    /// <summary>What the networks of others take as nothing and as one: colors go from -1 to 1.</summary>
    public static PictureColors Colors { get; } = new([127.5f, 127.5f, 127.5f], [127.5f, 127.5f, 127.5f]);

    public Backbone Backbone => backbone;

    protected override IEnumerable<Part> Parts => [Head];

    public override Tensor Places(Tensor x) => backbone.Forward(x);
}
