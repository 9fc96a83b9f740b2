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

    /// <summary>All that is learned with its full name, as "blocks.0.attention.query.weight". A weight that several layers share is there
    /// once, under its first name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Parameters() => State().Where(part => part.Value.IsLearned).DistinctBy(part => part.Value);

    /// <summary>All that is saved, with its full name: what is learned, and buffers such as running means. A weight that several layers share
    /// is there under each of its names.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State()
    {
        foreach (Part part in Parts)
        {
            if (part.Weight is { } weight)
            {
                yield return new(part.Name, weight);
            }

            foreach (KeyValuePair<string, Tensor> inner in part.Module?.State() ?? [])
            {
                yield return new($"{part.Name}.{inner.Key}", inner.Value);
            }
        }
    }

    /// <summary>Takes all gradients away, as after a loss that only passed through on its way to other weights.</summary>
    public void ClearGradients()
    {
        foreach ((_, Tensor weight) in Parameters())
        {
            weight.Storage.ClearGradient();
        }
    }

    /// <summary>This module, named "", and all inside it with their full names, outer ones first.</summary>
    public IEnumerable<KeyValuePair<string, Module>> Modules()
    {
        yield return new("", this);
        foreach (Part part in Parts)
        {
            foreach ((string name, Module module) in part.Module?.Modules() ?? [])
            {
                yield return new(name.Length == 0 ? part.Name : $"{part.Name}.{name}", module);
            }
        }
    }

    /// <summary>Numbers that are learned.</summary>
    public long ParameterCount => Parameters().Sum(p => (long)p.Value.Length);

    /// <summary>Copies weights and buffers in, by name; all of them, or none where one is refused.</summary>
    /// <remarks>PyTorch counts in a batch normalization's <c>num_batches_tracked</c> the batches it has seen. Nothing here depends on it, so it is passed over.</remarks>
    /// <exception cref="ShapeException">A weight is missing, has another shape, or is not one of this module.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> weights)
    {
        KeyValuePair<string, Tensor>[] state = [.. State()];
        foreach ((string name, Tensor weight) in state)
        {
            if (!weights.TryGetValue(name, out Tensor? stored) || !stored.Shape.SequenceEqual(weight.Shape))
            {
                throw new ShapeException($"Weight '{name}' should be {weight}; found {stored?.ToString() ?? "nothing"}.");
            }
        }

        string[] unknown = [.. weights.Keys.Except(state.Select(part => part.Key), StringComparer.Ordinal).Where(name => !IsBatchCount(name))];
        if (unknown.Length > 0)
        {
            throw new ShapeException($"Weight '{unknown[0]}' is not one of this model; it has {state.Length}.");
        }

        foreach ((string name, Tensor weight) in state)
        {
            weights[name].Values.CopyTo(weight.Output);
        }
    }

    private bool IsBatchCount(string name) =>
        name.EndsWith("num_batches_tracked", StringComparison.Ordinal)
        && Modules().Any(inner => inner.Value is BatchNorm && name == (inner.Key.Length == 0 ? "" : $"{inner.Key}.") + "num_batches_tracked");
}

/// <summary>A weight, a buffer or a layer inside a module.</summary>
public readonly record struct Part
{
    public Part(string name, Tensor weight) => (Name, Weight) = (name, weight);

    public Part(string name, Module module) => (Name, Module) = (name, module);

    public string Name { get; }

    /// <summary>A weight, or a buffer where it takes no gradient.</summary>
    public Tensor? Weight { get; }

    public Module? Module { get; }

    /// <summary>Numbers that are saved and loaded like a weight, and not learned.</summary>
    /// <exception cref="ArgumentException">The tensor takes a gradient.</exception>
    public static Part Buffer(string name, Tensor buffer) => buffer.RequiresGradient
        ? throw new ArgumentException($"'{name}' takes a gradient: make it with Tensor.Buffer.", nameof(buffer))
        : new Part(name, buffer);

    /// <summary>Those that are there.</summary>
    public static IEnumerable<Part> Present(params Part?[] parts) => parts.Where(part => part is not null).Select(part => part!.Value);

    /// <summary>Layers of one kind: "blocks.0", "blocks.1", …</summary>
    public static IEnumerable<Part> List(string name, IEnumerable<Module> modules) =>
        modules.Select((module, i) => new Part($"{name}.{i}", module));
}
