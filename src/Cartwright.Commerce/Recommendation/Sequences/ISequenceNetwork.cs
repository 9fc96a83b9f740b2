using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A network that reads a sequence of products and says after each what it expects next, as a vector.</summary>
internal interface ISequenceNetwork
{
    /// <summary>Vectors of products, as they are read and as they are scored.</summary>
    /// <param name="products">Dense product indexes.</param>
    /// <returns>[products.Length, hidden]</returns>
    Tensor Vectors(int[] products);

    /// <param name="vectors">Those of <see cref="SequenceBatch.History"/>: [tokens, hidden].</param>
    /// <returns>What each position expects, to be multiplied with product vectors: [tokens, hidden].</returns>
    Tensor Expected(Tensor vectors, SequenceBatch batch);
}
