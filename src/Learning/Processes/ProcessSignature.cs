using FedPure.Learning.Models;
using FedPure.Learning.Types;

namespace FedPure.Learning.Processes;

/// <summary>The types of a process's functions, in the notation in which TensorFlow Federated prints them.</summary>
/// <param name="Initialize">( -> state@SERVER).</param>
/// <param name="Next">(state@SERVER, {client data}@CLIENTS -> state@SERVER, metrics@SERVER).</param>
/// <param name="GetModelWeights">(state -> model weights).</param>
public sealed record ProcessSignature(FunctionType Initialize, FunctionType Next, FunctionType GetModelWeights)
{
    /// <summary>The signature of a process whose state, model weights, client data and metrics have these types.</summary>
    public static ProcessSignature Create(TypeSignature state, TypeSignature weights, TypeSignature clientData, TypeSignature metrics)
    {
        var stateAtServer = new PlacedType(state, AtClients: false);
        return new ProcessSignature(
            new FunctionType(null, stateAtServer),
            new FunctionType(
                new StructureType(("state", stateAtServer), ("client_data", new PlacedType(new SequenceType(clientData), AtClients: true))),
                new StructureType(("state", stateAtServer), ("metrics", new PlacedType(metrics, AtClients: false)))),
            new FunctionType(state, weights));
    }

    /// <summary>The state of a process that trains or evaluates a model.</summary>
    internal static StructureType State(ParameterLayout layout, TypeSignature clientWork, TypeSignature aggregator, TypeSignature finalizer) => new(
        ("global_model_weights", Weights(layout)), ("distributor", StructureType.Empty), ("client_work", clientWork), ("aggregator", aggregator),
        ("finalizer", finalizer));

    /// <summary>&lt;trainable=&lt;...&gt;,non_trainable=&lt;...&gt;&gt;.</summary>
    internal static StructureType Weights(ParameterLayout layout)
    {
        var trainable = layout.Trainable.Signature;
        return new StructureType(("trainable", trainable), ("non_trainable", new StructureType(layout.Signature.Fields.Skip(trainable.Fields.Length))));
    }

    /// <summary>A batch of examples as the model takes them.</summary>
    internal static StructureType Batch(IModel model) => new(
        ("x", new TensorType("float32", null, model.FeatureCount)),
        ("y", model.TargetCount == 0 ? new TensorType("int32", null, 1) : new TensorType("float32", null, model.TargetCount)));

    /// <summary>The three types, over several lines each.</summary>
    public override string ToString() => $"initialize: {Initialize}\nnext: {Next}\nget_model_weights: {GetModelWeights}";
}
