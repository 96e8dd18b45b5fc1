package kube

import "time"

// runningStatus is the status of a pod whose containers all run.
func (f *fakeKubelet) runningStatus(pod podObject, host string) map[string]any {
	now := time.Now().UTC().Format(time.RFC3339)
	address := host
	if !pod.Spec.HostNetwork {
		address = f.address(pod)
	}
	return map[string]any{
		"phase":  "Running",
		"hostIP": host, "hostIPs": []any{map[string]string{"ip": host}},
		"podIP": address, "podIPs": []any{map[string]string{"ip": address}},
		"startTime":             now,
		"conditions":            runningConditions(now),
		"containerStatuses":     containerStatuses(pod, pod.Spec.Containers, now),
		"initContainerStatuses": initContainerStatuses(pod, now),
	}
}

func runningConditions(now string) []any {
	var all []any
	for _, kind := range []string{"PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"} {
		all = append(all, map[string]string{"type": kind, "status": "True", "lastTransitionTime": now})
	}
	return all
}

func containerStatuses(pod podObject, containers []podContainer, now string) []any {
	all := []any{}
	for _, c := range containers {
		all = append(all, containerStatus(pod, c, map[string]any{"running": map[string]string{"startedAt": now}}, true))
	}
	return all
}

// initContainerStatuses shows init containers as finished, and those that are
// restarted for ever as running.
func initContainerStatuses(pod podObject, now string) []any {
	all := []any{}
	for _, c := range pod.Spec.InitContainers {
		if c.RestartPolicy == "Always" {
			all = append(all, containerStatus(pod, c, map[string]any{"running": map[string]string{"startedAt": now}}, true))
			continue
		}
		finished := map[string]any{"terminated": map[string]any{
			"exitCode": 0, "reason": "Completed", "startedAt": now, "finishedAt": now,
		}}
		all = append(all, containerStatus(pod, c, finished, false))
	}
	return all
}

func containerStatus(pod podObject, c podContainer, state map[string]any, started bool) map[string]any {
	return map[string]any{
		"name": c.Name, "image": c.Image, "state": state, "ready": true, "started": started, "restartCount": 0,
		"imageID":     c.Image + "@sha256:" + fakeID(c.Image),
		"containerID": "containerd://" + fakeID(pod.Metadata.UID+"/"+c.Name),
	}
}
