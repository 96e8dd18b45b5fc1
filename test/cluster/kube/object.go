package kube

import "time"

// The few fields of nodes and pods that this package reads.

type metadata struct {
	Name              string            `json:"name"`
	Namespace         string            `json:"namespace"`
	UID               string            `json:"uid"`
	Labels            map[string]string `json:"labels"`
	DeletionTimestamp *time.Time        `json:"deletionTimestamp"`
	ResourceVersion   string            `json:"resourceVersion"`
}

type nodeObject struct {
	Metadata metadata `json:"metadata"`
	Spec     struct {
		Taints []any `json:"taints"`
	} `json:"spec"`
	Status struct {
		Conditions []struct {
			Type              string    `json:"type"`
			Status            string    `json:"status"`
			LastHeartbeatTime time.Time `json:"lastHeartbeatTime"`
		} `json:"conditions"`
		Addresses []struct {
			Address string `json:"address"`
		} `json:"addresses"`
	} `json:"status"`
}

type podObject struct {
	Metadata metadata `json:"metadata"`
	Spec     struct {
		NodeName       string         `json:"nodeName"`
		HostNetwork    bool           `json:"hostNetwork"`
		Containers     []podContainer `json:"containers"`
		InitContainers []podContainer `json:"initContainers"`
	} `json:"spec"`
	Status struct {
		Phase string `json:"phase"`
		PodIP string `json:"podIP"`
	} `json:"status"`
}

type podContainer struct {
	Name          string `json:"name"`
	Image         string `json:"image"`
	RestartPolicy string `json:"restartPolicy"`
}
