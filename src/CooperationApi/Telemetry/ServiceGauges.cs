using System.Diagnostics.Metrics;
using System.Globalization;
using CooperationApi.Features.Changes;
using CooperationApi.Features.Exports;
using CooperationApi.Storage;

namespace CooperationApi.Telemetry;

/// <summary>
/// The metrics of the data: the change feed, the latest export and the last self-check. A metric without a value, such as the result of a
/// self-check before the first one, is absent.
/// </summary>
internal sealed class ServiceGauges
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "CooperationApi.Data";

    public ServiceGauges(IMeterFactory meters, Database database, FeedFollowers followers, ExportDirectory exports, FeedSelfCheck selfCheck,
        TimeProvider time)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("cooperation.feed.head", () => database.Version.Revision, "{revision}",
            "The revision of the last change that this instance knows.");
        meter.CreateObservableGauge("cooperation.feed.followers", () => followers.Measure(database.Version).Count, "{follower}",
            "The number of callers that read the change feed within the last hour.");
        meter.CreateObservableGauge("cooperation.feed.max_lag", () => ToMeasurements(followers.Measure(database.Version).MaxLag),
            "{revision}", "The number of revisions that the slowest follower of the change feed has not read.");
        meter.CreateObservableGauge("cooperation.export.age", () => ToMeasurements(GetAge(exports.LatestKnown?.At)), "s",
            "The time since the latest export was built.");
        meter.CreateObservableGauge("cooperation.export.revision", () => ToMeasurements(exports.LatestKnown?.Revision), "{revision}",
            "The revision of the latest export.");
        meter.CreateObservableGauge("cooperation.self_check.age", () => ToMeasurements(GetAge(selfCheck.LastReport?.At)), "s",
            "The time since the last self-check.");
        meter.CreateObservableGauge("cooperation.self_check.passed",
            () => ToMeasurements<long>(selfCheck.LastReport is { } report ? report.Passed ? 1 : 0 : null), unit: null,
            "1 if the last self-check passed, 0 if it failed.");

        double? GetAge(string? at) => at is null
            ? null
            : (time.GetUtcNow() - DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)).TotalSeconds;
    }

    private static IEnumerable<Measurement<T>> ToMeasurements<T>(T? value) where T : struct =>
        value is { } known ? [new Measurement<T>(known)] : [];
}
