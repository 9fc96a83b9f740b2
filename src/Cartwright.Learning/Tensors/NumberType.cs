namespace Cartwright.Learning.Tensors;

/// <summary>What a file needs to keep each number of a tensor without a loss.</summary>
internal enum NumberType
{
    Float32,

    /// <summary>The upper half of a float.</summary>
    BFloat16,

    /// <summary>A whole number from −128 to 127.</summary>
    Int8,
}
