using FedPure.Data;
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
        foreach (var model in new IModel[] { Tutorial.Softmax, new HandwrittenModel(), new Sequential(784).Dense(16, ActivationFunction.Relu).Dense(10).SoftmaxCrossEntropy() })
        {
            var client = Tutorial.Digits.Train.GetClient("f0000_18");
            ClientDataset[] few = [client.Preprocess(InputPipeline.Examples.Repeat(1).Shuffle(50, 1).Batch(17))];
            ClientDataset[] many = [client.Preprocess(InputPipeline.Examples.Repeat(201).Shuffle(50, 1).Batch(17))];
            var process = FederatedAveraging.BuildWeighted(model, new Sgd(0.001f, momentum));
            var state = process.Initialize();

            // 85 examples are 5 batches of 17, and 201 times as many 1,005. Each cohort runs once before it is measured: the pipeline's cursors are made then.
            long Allocated(ClientDataset[] clients)
            {
                process.Next(state, clients);
                long before = GC.GetAllocatedBytesForCurrentThread();
                process.Next(state, clients);
                return GC.GetAllocatedBytesForCurrentThread() - before;
            }

            Allocated(many);
            Assert.Equal(Allocated(few), Allocated(many));
        }
    }
}
