namespace FedPure.Repository;

public class SampleTests
{
    [Fact]
    public void OnesOwnModelsTrain()
    {
        var lines = Programs.Run(Programs.Beside("CustomModel.dll")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(30, lines.Length);

        // Round 1 of the hand-written model in tests/golden/tutorial/tutorial.json.
        Assert.StartsWith("MnistModel, round 1: {num_examples: 4860, loss: 2.4524", lines[0], StringComparison.Ordinal);
        Assert.Contains("accuracy: 0.26728395", lines[0], StringComparison.Ordinal);

        // y = 2·x - z + 3 with c = 1 given.
        Assert.Equal(["a = [2.000, -1.000]", "b = [2.000]", "c = [1.000]"], lines[27..]);
    }
}
