namespace Cartwright.Learning.Distributed;

/// <summary>The processes of a training can't work together: MPI is missing, or a rank was lost.</summary>
public sealed class DistributedException(string message) : Exception(message);
