using System.Runtime.InteropServices;
using FedPure.Data.Random;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Tensors;

namespace FedPure.Learning.Processes;

/// <summary>What every training process does at the server: the first state, the optimizer's step, the printed types.</summary>
internal static class ServerPart
{
    /// <summary>Why a step was refused, as a clause.</summary>
    public const string StepProblem = "the server optimizer's step gives weights that are not finite";

    /// <summary>The state before the first round, with the model's initial weights.</summary>
    public static ServerState Initialize(IModel model, ClientWorkState work, IAggregator aggregator, IOptimizer serverOptimizer, long seed)
    {
        var parameters = new float[model.Layout.Length];
        model.Initialize(parameters);
        return new ServerState(
            new ModelWeights(model.Layout, ImmutableCollectionsMarshal.AsImmutableArray(parameters)),
            work,
            aggregator.Initialize(model.Layout.Trainable),
            OptimizerState.Initialize(serverOptimizer, model.Layout.Trainable),
            0,
            RandomKey.FromSeed(seed).Fold("client work"));
    }

    /// <summary>
    /// The state after a step of the server's optimizer along an update [trainable parameters]; false, and the state given, where the step would leave the
    /// finite numbers: what cannot be continued from, nor saved, is not a model.
    /// </summary>
    public static bool TryStep(IModel model, ServerState state, ReadOnlySpan<float> update, out ServerState next)
    {
        float[] parameters = [.. state.GlobalModelWeights.Parameters], optimizerState = [.. state.Finalizer.State];
        state.Finalizer.Rule.Step(model.Layout.Trainable, parameters.AsSpan(0, update.Length), update, optimizerState);
        bool finite = Vectors.AllFinite(parameters) && Vectors.AllFinite(optimizerState);
        next = !finite ? state : state with
        {
            GlobalModelWeights = new ModelWeights(model.Layout, ImmutableCollectionsMarshal.AsImmutableArray(parameters)),
            Finalizer = state.Finalizer with { State = ImmutableCollectionsMarshal.AsImmutableArray(optimizerState) },
        };
        return finite;
    }

    /// <summary>The types of a process of such states and metrics.</summary>
    public static ProcessSignature Signature(IModel model, ServerState state, MetricTree metrics)
    {
        var trainable = model.Layout.Trainable;
        var type = ProcessSignature.State(
            model.Layout, state.ClientWork.Signature(trainable), state.Aggregator.Signature, state.Finalizer.Signature(trainable));
        return ProcessSignature.Create(type, ProcessSignature.Weights(model.Layout), ProcessSignature.Batch(model), metrics.Signature);
    }
}
