using FedPure.Data;
using FedPure.Data.Partitioning;

namespace FedPure.Reporting.Exploration;

public class SurveyOfTargetsTests
{
    [Fact]
    public void Float_targets_are_refused_by_client_and_with_a_way_out()
    {
        var data = new IidPartitioner(2, 0).Partition(new ExampleTable(new float[8], new float[4], 1, [2]));
        string message = Assert.Throws<ArgumentException>(() => DataSurvey.Of(data, 1)).Message;
        Assert.StartsWith(
            "The examples of client 'client_0' have float targets, but a survey counts class labels; make classes of the targets", message,
            StringComparison.Ordinal);
    }
}
