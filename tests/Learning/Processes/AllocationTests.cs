using FedPure.Data;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Processes;

/// <summary>A batch allocates nothing: what a round allocates does not depend on how many batches it has.</summary>
public class AllocationTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.9f)]
    public void AThousandFurtherBatchesAllocateNothing(float momentum)
    {
        foreach (
            var model in new IModel[] { Tutorial.Softmax, new HandwrittenModel(), new Sequential(784).Dense(16, ActivationFunction.Relu).Dense(10).SoftmaxCrossEntropy() })
        {
            var client = Tutorial.Digits.Train.GetClient("f0000_18");
            ClientDataset[] few = [client.Preprocess(InputPipeline.Examples.Repeat(1).Shuffle(50, 1).Batch(17))];
            ClientDataset[] many = [client.Preprocess(InputPipeline.Examples.Repeat(201).Shuffle(50, 1).Batch(17))];
            var process = FederatedAveraging.BuildWeighted(model, new Sgd(0.001f, momentum));
            var state = process.Initialize();

            // 85 examples are 5 batches of 17, and 201 times as many 1,005. The least of five rounds: the first makes the pipeline's cursors, and the runtime
            // may allocate when it compiles a method anew.
            long Allocated(ClientDataset[] clients) => Enumerable.Range(0, 5).Min(_ =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                process.Next(state, clients);
                return GC.GetAllocatedBytesForCurrentThread() - before;
            });

            // The smallest object takes 24 bytes, so one in every 24th of the 1,000 further batches would show.
            Allocated(many);
            Assert.InRange(Allocated(many) - Allocated(few), -999, 999);
        }
    }
}
