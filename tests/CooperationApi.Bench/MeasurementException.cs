namespace CooperationApi.Bench;

/// <summary>Something that makes a figure worthless, such as an answer that is an error: a fast error is no result.</summary>
internal sealed class MeasurementException(string message) : Exception(message);
