using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

/// <summary>A tool that the model wants called.</summary>
internal sealed record Call(string Tool, Dictionary<string, object?> Arguments);

/// <summary>Plays a model, without a network: for each prompt it asks for that turn's calls, one after the other, and then says that it is done.</summary>
internal sealed class ScriptedChatClient(params Call[][] turns) : IChatClient
{
    private readonly Queue<Queue<Call>> _turns = new(turns.Select(turn => new Queue<Call>(turn)));
    private int _count;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (_turns.TryPeek(out var turn) && turn.TryDequeue(out var call))
        {
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent($"call-{++_count}", call.Tool, call.Arguments)])));
        }

        _turns.TryDequeue(out _);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Done.")));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
