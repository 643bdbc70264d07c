using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench.Loads;

/// <summary>An answer of the service, kept for the bare handler.</summary>
internal sealed record StoredAnswer(int Status, string? ContentType, string? ContentEncoding, string? ETag, byte[] Body)
{
    private const int Samples = 101;

    /// <summary>
    /// The answer that stands for a route: the one of middle length among samples of its addresses. Its status must be the one that is meant.
    /// </summary>
    public static async Task<StoredAnswer> Of(Server service, Route route, CancellationToken cancel)
    {
        var answers = new List<StoredAnswer>();
        var step = Math.Max(1, route.Addresses.Count / Samples);
        foreach (var address in route.Addresses.Where((_, i) => i % step == 0))
        {
            var answer = await Fetch(service, address, route.Header, cancel);
            if (answer.Status != route.Status || answer.ContentEncoding != route.ContentEncoding)
                throw new MeasurementException($"{address} answers {answer.Status} {answer.ContentEncoding}, not {route.Status} {route.ContentEncoding}.");
            answers.Add(answer);
        }
        return answers.OrderBy(answer => answer.Body.Length).ElementAt(answers.Count / 2);
    }

    private static async Task<StoredAnswer> Fetch(Server service, string address, (string Name, string Value)? header, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.Address, address));
        if (header is var (name, value))
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await service.Client.SendAsync(request, cancel);
        return new(
            (int)answer.StatusCode,
            answer.Content.Headers.ContentType?.ToString(),
            answer.Content.Headers.ContentEncoding.SingleOrDefault(),
            answer.Headers.ETag?.ToString(),
            await answer.Content.ReadAsByteArrayAsync(cancel));
    }
}
