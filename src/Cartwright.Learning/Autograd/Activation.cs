namespace Cartwright.Learning.Autograd;

/// <summary>What is done to every number of an affine map, along with the map.</summary>
public enum Activation
{
    None,
    Relu,
    Gelu,
}
