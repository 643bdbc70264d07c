using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CooperationApi.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CooperationApi.Telemetry;

/// <summary>
/// Writes each log entry as one JSON object on one line. Unlike the JSON formatter of .NET, the line has the message once and the trace id
/// instead of the scopes, which repeat the connection, request and path.
/// </summary>
internal sealed class JsonLineFormatter() : ConsoleFormatter(FormatterName)
{
    /// <summary>The name of the formatter in the options of the console.</summary>
    public const string FormatterName = "json-line";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = ApiJson.Options.Encoder, SkipValidation = true };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp", DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("LogLevel", logEntry.LogLevel.ToString());
            json.WriteString("Category", logEntry.Category);
            if (logEntry.State is RequestLogEntry request)
                request.WriteMembers(json);
            else
                WriteMessage(json, logEntry.Formatter(logEntry.State, logEntry.Exception), logEntry.State);
            if (Activity.Current is { } activity)
                json.WriteString("TraceId", activity.TraceId.ToHexString());
            if (logEntry.Exception is { } exception)
                json.WriteString("Exception", exception.ToString());
            json.WriteEndObject();
        }
        textWriter.WriteLine(Encoding.UTF8.GetString(line.WrittenSpan));
    }

    private static void WriteMessage<TState>(Utf8JsonWriter json, string message, TState state)
    {
        json.WriteString("Message", message);
        if (state is not IReadOnlyCollection<KeyValuePair<string, object?>> values || values.All(IsTemplate))
            return;
        json.WriteStartObject("State");
        foreach (var (name, value) in values.Where(value => !IsTemplate(value)))
        {
            if (value is int or long)
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
            else if (value is bool flag)
                json.WriteBoolean(name, flag);
            else
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
        }
        json.WriteEndObject();
    }

    private static bool IsTemplate(KeyValuePair<string, object?> value) => value.Key == "{OriginalFormat}";
}
