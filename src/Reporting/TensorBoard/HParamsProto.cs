using FedPure.Data.Writers;

namespace FedPure.Reporting.TensorBoard;

/// <summary>HParamsPluginData messages of TensorBoard (plugins/hparams/plugin_data.proto): one run's settings, its start and its end.</summary>
internal static class HParamsProto
{
    private const int SessionStartField = 3, SessionEndField = 4;
    private const ulong Success = 1, Failure = 2;

    /// <summary>SessionStartInfo { map&lt;string, Value&gt; hparams = 1; double start_time_secs = 5 }, by the names' ordinal order.</summary>
    public static byte[] SessionStart(IEnumerable<KeyValuePair<string, object>> values, double seconds)
    {
        var data = new ProtobufWriter();
        data.Message(SessionStartField, session =>
        {
            foreach (var (name, value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                session.Message(1, entry =>
                {
                    entry.Text(1, name);
                    entry.Message(2, number => WriteValue(number, name, value));
                });
            }

            session.Double(5, seconds);
        });
        return data.Written.ToArray();
    }

    /// <summary>SessionEndInfo { Status status = 1; double end_time_secs = 2 }.</summary>
    public static byte[] SessionEnd(bool succeeded, double seconds)
    {
        var data = new ProtobufWriter();
        data.Message(SessionEndField, session =>
        {
            session.Varint(1, succeeded ? Success : Failure);
            session.Double(2, seconds);
        });
        return data.Written.ToArray();
    }

    // google.protobuf.Value: a oneof, whose member is written even where it has the default value.
    private static void WriteValue(ProtobufWriter target, string name, object value)
    {
        switch (value)
        {
            case double number:
                target.Double(2, number);
                break;
            case string text:
                target.Text(3, text);
                break;
            case bool flag:
                target.Varint(4, flag ? 1u : 0u);
                break;
            default:
                throw new ArgumentException(
                    $"The hyper-parameter '{name}' is a {value.GetType().Name}; TensorBoard takes double, string and bool.", nameof(value));
        }
    }
}
