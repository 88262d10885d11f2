using FedPure.Learning.Aggregators;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Evaluation;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.TestData;

namespace FedPure.Learning.Processes;

/// <summary>Printed types are letter for letter those of TensorFlow Federated 0.87.0.</summary>
public class SignatureTests
{
    private static readonly Sgd Client = new(0.1f);

    private static readonly Dictionary<string, ProcessSignature> Signatures = new()
    {
        ["fed_avg_sgd"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, Client).Signature,
        ["fed_avg_mlp"] = FederatedAveraging.BuildWeighted(GoldenProblems.Mlp, Client).Signature,
        ["fed_avg_client_momentum_server_momentum"] = FederatedAveraging.BuildWeighted(
            GoldenProblems.Softmax, new Sgd(0.1f, 0.9f), new Sgd(1f, 0.9f)).Signature,
        ["fed_avg_unweighted"] = FederatedAveraging.BuildUnweighted(GoldenProblems.Softmax, Client).Signature,
        ["fed_avg_server_adam"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, Client, new Adam(0.05f)).Signature,
        ["fed_avg_server_adamw"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, Client, new AdamW(0.05f)).Signature,
        ["fed_avg_server_yogi"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, Client, new Yogi(0.05f)).Signature,
        ["fed_avg_server_adagrad"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, Client, new Adagrad(0.1f)).Signature,
        ["fed_avg_server_rmsprop"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, Client, new RmsProp(0.05f)).Signature,
        ["fed_avg_client_adam"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Adam(0.01f)).Signature,
        ["fed_avg_robust"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, Client, aggregator: RobustAggregator.Create()).Signature,
        ["fed_avg_linear"] = FederatedAveraging.BuildWeighted(GoldenProblems.Linear, Client).Signature,
        ["fed_prox_weighted"] = FederatedProx.BuildWeighted(GoldenProblems.Softmax, 1, Client).Signature,
        ["fed_prox_unweighted"] = FederatedProx.BuildUnweighted(GoldenProblems.Softmax, 1, Client).Signature,
        ["fed_sgd"] = FederatedSgd.Build(GoldenProblems.Softmax).Signature,
        ["mime_lite_weighted"] = MimeLite.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f, 0.9f)).Signature,
        ["mime_lite_unweighted"] = MimeLite.BuildUnweighted(GoldenProblems.Softmax, new Sgd(0.1f, 0.9f)).Signature,
        ["mime_lite_schedule"] = MimeLite.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f, 0.9f), baseSchedule: new InverseSchedule(1)).Signature,
        ["fed_avg_schedule"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, Client, clientSchedule: new InverseSchedule(1)).Signature,
        ["fed_kmeans"] = FederatedKMeans.Build(3, 2, (1, 2)).Signature,
        ["fed_eval"] = FederatedEvaluation.Build(GoldenProblems.Softmax).Signature,
    };

    public static TheoryData<string> Names => [.. Signatures.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TypesPrintAsTheReferencePrintsThem(string name)
    {
        var golden = Repository.GoldenJson("algorithms/types.json")[name]!;
        var signature = Signatures[name];
        Assert.Equal((string)golden["initialize"]!, signature.Initialize.ToString());
        Assert.Equal((string)golden["initialize_compact"]!, signature.Initialize.ToCompactString());
        Assert.Equal((string)golden["next"]!, signature.Next.ToString());
        Assert.Equal((string)golden["get_model_weights"]!, signature.GetModelWeights.ToString());
    }

    [Theory]
    [InlineData("keras")]
    [InlineData("handwritten")]
    public void TheTutorialsTypesPrintAsTheReferencePrintsThem(string name)
    {
        var golden = Repository.GoldenJson("tutorial/tutorial.json")[name]!["types"]!;
        IModel model = name == "keras" ? Tutorial.Softmax : new HandwrittenModel();
        var training = Tutorial.Process(model).Signature;
        var evaluation = FederatedEvaluation.Build(model).Signature;
        Assert.Equal((string)golden["initialize"]!, training.Initialize.ToString());
        Assert.Equal((string)golden["next"]!, training.Next.ToString());
        Assert.Equal((string)golden["next_compact"]!, training.Next.ToCompactString());
        Assert.Equal((string)golden["get_model_weights_compact"]!, training.GetModelWeights.ToCompactString());
        Assert.Equal((string)golden["eval_initialize"]!, evaluation.Initialize.ToString());
        Assert.Equal((string)golden["eval_next"]!, evaluation.Next.ToString());
    }

    /// <summary>
    /// FedBuff and FedAsync have no counterpart there. A server that takes one result at a time keeps and reports the same as one with a buffer.
    /// </summary>
    [Fact]
    public void TypesOfAsynchronousProcessesNameTheirClock()
    {
        const string State =
            "<global_model_weights=<trainable=<float32[6,4],float32[4]>,non_trainable=<>>,distributor=<>,"
            + "client_work=<client_rule=<>,simulated_seconds=float64,version=int32,starts=int64>,"
            + "aggregator=<value_sum_process=<>,weight_sum_process=<>>,finalizer=<learning_rate=float32>>@SERVER";
        const string Metrics =
            "<distributor=<>,client_work=<train=<sparse_categorical_accuracy=float32,loss=float32,num_examples=int64,num_batches=int64>,"
            + "arrivals=int32,dropped=int32,mean_staleness=float32,max_staleness=int32,simulated_seconds=float32>,"
            + "aggregator=<mean_value=<>,mean_weight=<>>,finalizer=<update_non_finite=int32,version=int32>>@SERVER";
        var buffered = FedBuff.Build(GoldenProblems.Softmax, Client).Signature;
        foreach (
            var signature in new[] { buffered, FedAsync.Build(GoldenProblems.Softmax, Client).Signature, FedAsync.Build(GoldenProblems.Softmax, Client, arrivalsPerRound: 7).Signature })
        {
            Assert.Equal($"( -> {State})", signature.Initialize.ToCompactString());
            Assert.Equal(
                $"(<state={State},client_data={{<x=float32[?,6],y=int32[?,1]>*}}@CLIENTS> -> <state={State},metrics={Metrics}>)",
                signature.Next.ToCompactString());
            Assert.Equal(buffered.ToString(), signature.ToString());
        }

        // A client's rate that follows the round stands for itself, as in federated averaging, and is reported.
        var scheduled = FedAsync.Build(GoldenProblems.Softmax, Client, clientSchedule: new InverseSchedule(1)).Signature;
        Assert.Equal($"( -> {State.Replace("client_rule=<>", "client_rule=int32", StringComparison.Ordinal)})", scheduled.Initialize.ToCompactString());
        Assert.Contains("num_batches=int64>,client_learning_rate=float32,arrivals=int32", scheduled.Next.ToCompactString(), StringComparison.Ordinal);
    }
}
