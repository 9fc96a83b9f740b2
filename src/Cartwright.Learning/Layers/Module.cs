using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Something with weights: a layer, or a model made of layers.</summary>
/// <remarks>It lists its parts by name, and that list is all the base class needs: names in files, training mode, weights for the optimizer.</remarks>
public abstract class Module
{
    private bool _isTraining;

    /// <summary>Weights and layers by the name they have in files. The order is the order of <see cref="Parameters"/>.</summary>
    protected internal abstract IEnumerable<Part> Parts { get; }

    /// <summary>True while learning: dropout drops. False, as at first, while answering.</summary>
    public bool IsTraining
    {
        get => _isTraining;
        set
        {
            _isTraining = value;
            foreach (Part part in Parts)
            {
                if (part.Module is { } module)
                {
                    module.IsTraining = value;
                }
            }
        }
    }

    /// <summary>All weights with their full names, as "blocks.0.attention.query.weight".</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Parameters()
    {
        foreach (Part part in Parts)
        {
            if (part.Weight is { } weight)
            {
                yield return new(part.Name, weight);
            }

            foreach (KeyValuePair<string, Tensor> inner in part.Module?.Parameters() ?? [])
            {
                yield return new($"{part.Name}.{inner.Key}", inner.Value);
            }
        }
    }

    /// <summary>Numbers that are learned.</summary>
    public long ParameterCount => Parameters().Sum(p => (long)p.Value.Length);

    /// <summary>Copies weights in, by name.</summary>
    /// <exception cref="ShapeException">A weight is missing, has another shape, or is not one of this module.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> weights)
    {
        int found = 0;
        foreach ((string name, Tensor weight) in Parameters())
        {
            if (!weights.TryGetValue(name, out Tensor? stored) || !stored.Shape.SequenceEqual(weight.Shape))
            {
                throw new ShapeException($"Weight '{name}' should be {weight}; found {stored?.ToString() ?? "nothing"}.");
            }

            stored.Values.CopyTo(weight.Output);
            found++;
        }

        if (found < weights.Count)
        {
            string unknown = weights.Keys.Except(Parameters().Select(p => p.Key), StringComparer.Ordinal).First();
            throw new ShapeException($"Weight '{unknown}' is not one of this model; it has {found}.");
        }
    }
}

/// <summary>A weight or a layer inside a module.</summary>
public readonly record struct Part
{
    public Part(string name, Tensor weight) => (Name, Weight) = (name, weight);

    public Part(string name, Module module) => (Name, Module) = (name, module);

    public string Name { get; }

    public Tensor? Weight { get; }

    public Module? Module { get; }

    /// <summary>Layers of one kind: "blocks.0", "blocks.1", …</summary>
    public static IEnumerable<Part> List(string name, IEnumerable<Module> modules) =>
        modules.Select((module, i) => new Part($"{name}.{i}", module));
}
